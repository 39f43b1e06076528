// The files of `tests/services`, one for each service of the catalog.

import { SERVICE_CATALOG, type TenantService } from '@cgk-platform/integrations';
import type { TestedService } from './service';

type Services = { [Id in TenantService]: TestedService<Id> };

export const SERVICE_IDS: TenantService[] = SERVICE_CATALOG.map(({ id }) => id);

export const SERVICES = Object.fromEntries(
  SERVICE_IDS.map((id) => [id, require(`../services/${id}.ts`).default]),
) as Services;

/** Services and the trait that they have, of those that have it. */
export function servicesWith<Trait>(
  trait: (service: TestedService) => Trait | undefined,
): [TenantService, Trait][] {
  return SERVICE_IDS.flatMap((id): [TenantService, Trait][] => {
    const value = trait(SERVICES[id] as TestedService);
    return value === undefined ? [] : [[id, value]];
  });
}

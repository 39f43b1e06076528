// Inputs of saves that are nearly right.

import { SERVICE_CATALOG, type TenantService } from '@cgk-platform/integrations';
import { markedText } from './canary';
import type { Random } from './random';

const PREFIXES = ['sk_test_', 'sk_live_', 're_', 'sk-', 'sk-ant-', 'whsec_', 'pk_test_', 'AC', ''];
const NAMES = [
  ...new Set(SERVICE_CATALOG.flatMap(({ fields }) => fields.map(({ name }) => name))),
].map((name) => name.split('.')[0] as string);

export function someService(random: Random): TenantService {
  return random.pick(SERVICE_CATALOG).id;
}

/** Fields of the service and others, with values of their types and others. */
export function someInput(random: Random, service: TenantService): Record<string, unknown> {
  const fields = SERVICE_CATALOG.find(({ id }) => id === service)?.fields ?? [];
  const input: Record<string, unknown> = {};
  for (const { name, required } of fields) {
    if (random.chance(required ? 0.95 : 0.3)) {
      const [field = '', property] = name.split('.');
      const value = someValue(random);
      input[field] = property ? { ...(input[field] as object), [property]: value } : value;
    }
  }
  if (random.chance(0.15)) {
    input.metadata = random.object(() => markedText(random));
  }
  if (random.chance(0.15)) {
    input[random.chance(0.5) ? random.pick(NAMES) : markedText(random)] = someValue(random);
  }
  return input;
}

function someValue(random: Random): unknown {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return random.chance(0.75)
    ? random.pick(PREFIXES) + random.characters(letters, random.pick([8, 24, 32]))
    : random.chance(0.5)
      ? markedText(random)
      : random.value(() => markedText(random));
}

import { SERVICE_CATALOG } from '../generated/types.js';

/** What a field of a form holds. */
export type FieldKind = 'secret' | 'text' | 'email' | 'currency' | 'boolean' | 'choice';

/** A field of a service's form. */
export interface CatalogField {
  /** Name in the request; `metadata.x` stands for the property `x` of `metadata`. */
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly placeholder: string;
  readonly hint: string;
  /** For a choice. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** What the pages need to know of a service. */
export interface CatalogService {
  readonly id: string;
  readonly displayName: string;
  readonly category: string;
  readonly fields: readonly CatalogField[];
}

/** Services that are shown together. */
export interface Category {
  /** Name in the catalog. */
  id: string;
  /** Name shown to people. */
  title: string;
  services: CatalogService[];
}

const TITLES = new Map([['AI', 'AI Services']]);

export const SERVICES: readonly CatalogService[] = SERVICE_CATALOG;

export const CATEGORIES: readonly Category[] = groupByCategory(SERVICES);

/** Groups services by category, both in the order of the catalog. */
export function groupByCategory(services: readonly CatalogService[]): Category[] {
  const categories = new Map<string, Category>();
  for (const service of services) {
    const { category: id } = service;
    const category = categories.get(id) ?? { id, title: TITLES.get(id) ?? id, services: [] };
    category.services.push(service);
    categories.set(id, category);
  }
  return [...categories.values()];
}

/** The services with these ids, in their order; unknown ids are left out. */
export function findServices(ids: readonly string[]): CatalogService[] {
  return ids.flatMap((id) => SERVICES.filter((service) => service.id === id));
}

import { SERVICE_CATALOG } from '../generated/catalog.js';

/** What a field of a form holds. */
export type FieldKind = 'secret' | 'text' | 'email' | 'currency' | 'boolean' | 'choice';

/** The two modes of a vendor, which a boolean field tells apart. */
export interface FieldMode {
  readonly whenTrue: string;
  readonly whenFalse: string;
  /** Whether `true` is the mode in which real money moves. */
  readonly trueIsLive: boolean;
}

/** A field of a service's form. */
export interface CatalogField {
  /** Name in the request; `metadata.x` stands for the property `x` of `metadata`. */
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  /** How a value looks; of a key that shows its mode, in test mode. */
  readonly placeholder: string;
  /** How it looks in live mode. */
  readonly livePlaceholder?: string;
  readonly hint: string;
  /** The page of the vendor that shows the value. */
  readonly url?: string;
  /** Values have several lines, which a password input would drop. */
  readonly multiline?: boolean;
  /** For a boolean: the modes that it tells apart. */
  readonly mode?: FieldMode;
  /** For a choice. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** What the pages need to know of a service. */
export interface CatalogService {
  readonly id: string;
  readonly displayName: string;
  readonly category: string;
  readonly categoryTitle: string;
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

export const SERVICES: readonly CatalogService[] = SERVICE_CATALOG;

export const CATEGORIES: readonly Category[] = groupByCategory(SERVICES);

/** Groups services by category, both in the order of the catalog. */
export function groupByCategory(services: readonly CatalogService[]): Category[] {
  const categories = new Map<string, Category>();
  for (const service of services) {
    const { category: id, categoryTitle: title } = service;
    const category = categories.get(id) ?? { id, title, services: [] };
    category.services.push(service);
    categories.set(id, category);
  }
  return [...categories.values()];
}

/** The services with these ids, in their order; unknown ids are left out. */
export function findServices(ids: readonly string[]): CatalogService[] {
  return ids.flatMap((id) => SERVICES.filter((service) => service.id === id));
}

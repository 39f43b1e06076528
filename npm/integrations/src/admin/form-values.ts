import type { ServiceStatus } from './api.js';
import type { CatalogField, CatalogService } from './catalog.js';

/** What a form holds, by field name; `metadata.x` is the property `x` of `metadata`. */
export interface FormValues {
  values: Nested;
  /** Stored secrets that the user wants to be removed. */
  removed: Nested;
}

type Nested = { [name: string]: string | boolean | Nested };
type Body = { [name: string]: string | boolean | null | Body };

/** What the form shows at first: what is stored and not secret, and no secret. */
export function initialValues(service: CatalogService, status?: ServiceStatus): FormValues {
  const form: FormValues = { values: {}, removed: {} };
  for (const field of service.fields) {
    write(form.values, field.name, storedValue(field, status));
    if (field.kind === 'secret') {
      write(form.removed, field.name, false);
    }
  }
  return form;
}

/** The form with a sample in it. Fields that the sample leaves out stay as they are. */
export function withSample(
  service: CatalogService,
  form: FormValues,
  sample: Readonly<Record<string, unknown>>,
): FormValues {
  const filled = structuredClone(form);
  for (const { name } of service.fields) {
    const value = read(sample as Nested, name);
    if (typeof value === 'string' || typeof value === 'boolean') {
      write(filled.values, name, value);
      write(filled.removed, name, false);
    }
  }
  return filled;
}

/**
 * The request that saves the form: what the user changed. A field left out keeps its stored value,
 * so of two admins who save at once neither undoes what only the other changed.
 */
export function toRequestBody(
  service: CatalogService,
  form: FormValues,
  status?: ServiceStatus,
): Record<string, unknown> {
  const body: Body = {};
  for (const field of service.fields) {
    write(body, field.name, change(field, form, status));
  }
  return body;
}

/** What to send for a field: `null` clears it, `undefined` keeps it. */
function change(
  field: CatalogField,
  form: FormValues,
  status?: ServiceStatus,
): string | boolean | null | undefined {
  const value = entered(field, form);
  if (field.kind === 'secret') {
    const isRemoved = read(form.removed, field.name) === true;
    return value || (isRemoved ? null : undefined);
  }
  const stored = storedValue(field, status);
  if (value === stored) {
    return field.kind === 'boolean' && !status ? value : undefined;
  }
  return value === '' ? null : value;
}

/** What the user entered. What copying adds to it, the server takes off. */
function entered(field: CatalogField, form: FormValues): string | boolean {
  const value = read(form.values, field.name);
  if (field.kind === 'boolean') {
    return value === true;
  }
  const text = typeof value === 'string' ? value.trim() : '';
  return field.kind === 'currency' ? text.toUpperCase() : text;
}

/** What is stored in a field; of a secret, nothing is known. */
export function storedValue(field: CatalogField, status?: ServiceStatus): string | boolean {
  const value = field.kind === 'secret' ? undefined : status?.values[field.name];
  return field.kind === 'boolean' ? value === true : String(value ?? '');
}

/** Writes a value at a field's name; `undefined` writes nothing. */
function write(object: Body, name: string, value: string | boolean | null | undefined): void {
  const [key = '', property] = name.split('.');
  if (value === undefined) {
    return;
  }
  if (property === undefined) {
    object[key] = value;
  } else {
    object[key] = { ...(object[key] as Body | undefined), [property]: value };
  }
}

/** The value at a field's name. */
export function read(object: Body, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Body)[key]
          : undefined,
      object,
    );
}

/** Whether the field is a secret that is stored. */
export function isStored(field: CatalogField, status?: ServiceStatus): boolean {
  return status?.secretsSet.includes(field.name) ?? false;
}

/** A mistake in a text that can be found without asking the server. */
export function findMistake(
  field: CatalogField,
  text: string,
  status?: ServiceStatus,
): string | undefined {
  if (text === '') {
    const isMissing = field.required && !isStored(field, status);
    return isMissing ? `${field.label} is required.` : undefined;
  }
  if (
    field.kind === 'email' &&
    !/^([^@<>]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/.test(text)
  ) {
    return `Enter an e-mail address, such as ${field.placeholder || 'name@example.com'}.`;
  }
  if (field.kind === 'currency' && !/^[A-Z]{3}$/i.test(text)) {
    return 'Enter a currency code of three letters, such as USD.';
  }
  return undefined;
}

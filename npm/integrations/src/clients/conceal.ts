// Keeps the secrets of a client out of logs: an SDK's instance has them in its properties, and in those
// of the objects that it is made of.

/** Objects of a client that are looked at: more than the largest SDK has. */
const MAX_OBJECTS = 20_000;

/**
 * Lets objects print, and become JSON, as a description; spread and cloned they are empty. That holds
 * for the client and for each of its parts that has one of the secrets among its values.
 */
export function conceal(client: object, secrets: readonly string[], description: string): void {
  const shown = secrets.filter((secret) => secret !== '');
  for (const part of partsOf(client)) {
    if (part === client || valuesOf(part).some((value) => holds(value, shown))) {
      hideFromLogs(part, description);
      hideProperties(part);
    }
  }
}

/** Lets an object print, and become JSON, as a description. Its properties stay as they are. */
export function hideFromLogs(object: object, description: string): void {
  const describe = () => description;
  for (const name of ['toJSON', Symbol.for('nodejs.util.inspect.custom')]) {
    Object.defineProperty(object, name, { value: describe, configurable: true, writable: true });
  }
}

/** What is not enumerable is neither spread nor cloned. */
function hideProperties(object: object): void {
  for (const name of Reflect.ownKeys(object)) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property?.enumerable && property.configurable) {
      Object.defineProperty(object, name, { enumerable: false });
    }
  }
}

/** The client and what can be reached from it, without running getters. */
function partsOf(client: object): Set<object> {
  const parts = new Set<object>([client]);
  // A set also visits what is added on the way.
  for (const part of parts) {
    for (const value of valuesOf(part)) {
      const isObject = typeof value === 'object' || typeof value === 'function';
      if (isObject && value !== null && value !== globalThis && parts.size < MAX_OBJECTS) {
        parts.add(value);
      }
    }
  }
  return parts;
}

function valuesOf(object: object): unknown[] {
  const values = Reflect.ownKeys(object).map(
    (name) => Object.getOwnPropertyDescriptor(object, name)?.value,
  );
  if (object instanceof Map || object instanceof Headers) {
    values.push(...object.values());
  }
  return values;
}

function holds(value: unknown, secrets: readonly string[]): boolean {
  return typeof value === 'string' && secrets.some((secret) => value.includes(secret));
}

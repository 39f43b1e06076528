// What others hand in is read by its own properties only: what elsewhere in the process was put on
// `Object.prototype` must choose neither key nor host nor role.

/** A property of the value itself; `undefined` where it has none, or throws when it is read. */
export function ownValue(value: unknown, name: PropertyKey): unknown {
  try {
    return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  } catch {
    return undefined;
  }
}

/** A copy that has the own enumerable properties of an object, and inherits none. */
export function ownProperties<T extends object>(object: T): T {
  return Object.assign(Object.create(null), object);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

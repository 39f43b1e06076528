// What is loaded when it is first needed, behind the names that callers know.

type Functions = Record<string, (this: unknown, ...given: unknown[]) => unknown>;

/** Gives a module functions that load those of the same names when one is called. They stay the same ones. */
export function deferFunctions(
  module: object,
  names: readonly string[],
  load: () => Functions,
): void {
  let functions: Functions | undefined;
  for (const name of names) {
    let deferred: Functions[string] | undefined;
    const make = () =>
      ({
        [name](...given: unknown[]) {
          functions ??= load();
          return functions[name]?.apply(this, given);
        },
      })[name];
    define(module, name, () => (deferred ??= make()));
  }
}

/** Gives a module values that are loaded when one is read. */
export function deferValues(
  module: object,
  names: readonly string[],
  load: () => Record<string, unknown>,
): void {
  for (const name of names) {
    define(module, name, () => load()[name]);
  }
}

function define(module: object, name: string, get: () => unknown): void {
  Object.defineProperty(module, name, { get, enumerable: true });
}

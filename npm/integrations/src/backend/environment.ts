/** A variable of the environment, where the runtime has one. */
export function environmentVariable(name: string): string | undefined {
  const variables = typeof process === 'undefined' ? undefined : process.env;
  // `process.env` inherits from `Object.prototype`.
  return variables && Object.hasOwn(variables, name) ? variables[name] : undefined;
}

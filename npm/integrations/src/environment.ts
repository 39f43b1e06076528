/** A variable of the environment, where the runtime has one. */
export function environmentVariable(name: string): string | undefined {
  return typeof process === 'undefined' ? undefined : process.env?.[name];
}

/** A positive whole number of the command line; `NaN` for what is none, `undefined` for what is not given. */
export function positiveNumber(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
}

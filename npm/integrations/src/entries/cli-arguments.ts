/** A positive whole number of the command line; `NaN` for what is none, `undefined` for what is not given. */
export function positiveNumber(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
}

/** Whether either `--tenant <slug>` or `--all` is given, as every command wants. */
export function namesTenants(tenant: string | undefined, all: boolean | undefined): boolean {
  return (tenant !== undefined) !== (all === true);
}

/** An `Error` with a stable `code`, as both backends throw them. */
export interface IntegrationError extends Error {
  code: string;
  /** What is wrong with an input, by the name of the field. */
  fields?: Record<string, string>;
}

/** Whether a caught value is an error of this package, so that its `code` can be relied on. */
export function isIntegrationError(error: unknown): error is IntegrationError {
  // Not `instanceof`: the error may come from another realm.
  const isError = Object.prototype.toString.call(error) === '[object Error]';
  return isError && typeof (error as IntegrationError).code === 'string';
}

export function errorWithCode(
  code: string,
  message: string,
  fields?: Record<string, string>,
): IntegrationError {
  return Object.assign(new Error(message), { code, ...(fields && { fields: { ...fields } }) });
}

/** An `Error` with a stable `code`, as both backends throw them. */
export interface IntegrationError extends Error {
  code: string;
}

/** Whether a caught value is an error of this package, so that its `code` can be relied on. */
export function isIntegrationError(error: unknown): error is IntegrationError {
  // Not `instanceof`: the error may come from another realm.
  const isError = Object.prototype.toString.call(error) === '[object Error]';
  return isError && typeof (error as IntegrationError).code === 'string';
}

export function errorWithCode(code: string, message: string): IntegrationError {
  return Object.assign(new Error(message), { code });
}

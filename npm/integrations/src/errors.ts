/** An `Error` with a stable `code`, as both backends throw them. */
export interface IntegrationError extends Error {
  code: string;
}

/** Whether a caught value is an error of this package, so that its `code` can be relied on. */
export function isIntegrationError(error: unknown): error is IntegrationError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

export function errorWithCode(code: string, message: string): IntegrationError {
  return Object.assign(new Error(message), { code });
}

import { ApiError } from './api.js';

/** What went wrong and what to do next, in words for the user. */
export interface Failure {
  message: string;
  /** The user has to sign in again. */
  signedOut: boolean;
}

/** `kept` is said of what the user entered, where something was entered. */
export function describeFailure(error: unknown, kept = ''): Failure {
  const failure = error instanceof ApiError ? error : new ApiError(500, 'Something went wrong');
  return {
    message: [explain(failure), kept].filter(Boolean).join(' '),
    signedOut: failure.status === 401,
  };
}

function explain({ status, message, id }: ApiError): string {
  if (status === 401) {
    return 'Your session has ended. Sign in again in another tab, then try again here.';
  }
  if (status === 0) {
    return `${sentence(message)} Check your connection and try again.`;
  }
  // The API says itself what to do with the number of an error.
  const isComplete = status < 500 || (id !== undefined && message.includes(id));
  return isComplete ? sentence(message) : `${sentence(message)} Try again in a moment.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

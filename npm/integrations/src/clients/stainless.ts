// The SDKs of Anthropic, Mux and OpenAI are made by one generator and share their inner workings.

import type { Refused } from './refusals.js';
import { fetchFrom } from './vendor-fetch.js';

/** What is used of them, in all majors. */
interface StainlessClient {
  /** What the client was made with; `withOptions` makes copies from it. */
  _options?: { defaultHeaders?: unknown };
  withOptions?(options: { defaultHeaders?: unknown }): StainlessClient;
}

/** Options that would otherwise come from the environment of the platform, and our `fetch`. */
export function stainlessOptions(baseUrl: string, refused: Refused) {
  return { fetch: fetchFrom(baseUrl, refused), logLevel: 'warn' as const };
}

/**
 * Finishes a client, and each copy that is made of it: `…_CUSTOM_HEADERS` of the platform's environment
 * would replace the tenant's key, so the headers are those that were asked for and no others.
 */
export function finishStainless<T extends object, Finished>(
  made: T,
  finish: (client: T) => Finished,
  defaultHeaders?: unknown,
): Finished {
  const client = made as T & StainlessClient;
  if (client._options) {
    client._options.defaultHeaders = defaultHeaders;
  }
  const copy = client.withOptions?.bind(client);
  if (copy) {
    const withOptions = (options: { defaultHeaders?: unknown }) =>
      finishStainless(copy(options) as T, finish, options.defaultHeaders ?? defaultHeaders);
    Object.defineProperty(client, 'withOptions', { value: withOptions, configurable: true });
  }
  return finish(client);
}

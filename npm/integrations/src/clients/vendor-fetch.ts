import type { Refused } from './refusals.js';

/**
 * `fetch` for the SDK of a vendor: a request goes to its host alone and no redirect is followed, since
 * a header with a key goes along with both. The answer is the SDK's alone; of it only the status is seen.
 */
export function fetchFrom(baseUrl: string, refused: Refused): typeof fetch {
  const { origin } = new URL(baseUrl);
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (new URL(url).origin !== origin) {
      throw new TypeError(`The request is for another host than ${origin}: the key stays there`);
    }
    const response = await fetchWithoutRedirects(input, init);
    if (response.status === 401) {
      refused();
    }
    return response;
  };
}

/** `fetch` for the SDK of a vendor with several hosts. A redirect is an answer and is not followed. */
export const fetchWithoutRedirects: typeof fetch = async (input, init) =>
  fetch(input, { ...init, redirect: 'manual' });

/** Whether a status sends the client elsewhere. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

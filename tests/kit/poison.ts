// An environment of the platform's in which each variable would take a client away from its tenant.

/** Headers that would replace a tenant's key. */
export const POISON_HEADERS = [
  'Authorization: Bearer poison',
  'x-api-key: poison',
  'api-key: poison',
  'OpenAI-Organization: poison',
  'x-poison: poison',
].join('\n');

/** What all SDKs read. */
export const POISON_PROXIES = {
  HTTP_PROXY: 'http://127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  http_proxy: 'http://127.0.0.1:1',
  https_proxy: 'http://127.0.0.1:1',
};

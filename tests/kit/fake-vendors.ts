// Fakes the vendors over HTTP, each on a loopback port of its own. What a vendor answers depends on
// the last word of the credential that it is shown: see BEHAVIOURS.

import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CredentialInput, TenantService } from '@cgk-platform/integrations';
import { TWILIO_ACCOUNT, VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';

/** `right` is accepted; `silent` is never answered; `redirected` is sent to another host. */
export const BEHAVIOURS = [
  'right',
  'wrong',
  'restricted',
  'throttled',
  'broken',
  'silent',
  'malformed',
  'html',
  'redirected',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

export interface VendorRequest {
  service: TenantService;
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface FakeVendors {
  /** For `configureIntegrations`. */
  endpoints: Record<TenantService, string>;
  /** What was asked so far. */
  requests: VendorRequest[];
  /** What reached the host that `redirected` requests are sent to. */
  elsewhere: string[];
  /** Statuses that the next requests are answered with. */
  failures: number[];
  /** What the next requests are answered with. */
  answers: { status: number; headers?: Record<string, string>; body: object }[];
  /** Runs between a request and its answer. */
  beforeAnswer?: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

export { TWILIO_ACCOUNT };
export const R2_ACCOUNT = '0123456789abcdef0123456789abcdef';

const INPUTS: { [Service in TenantService]: (word: string) => CredentialInput<Service> } = {
  stripe: (word) => ({ secretKey: `sk_test_${word}` }),
  wise: (word) => ({ apiKey: `wise-${word}` }),
  resend: (word) => ({ apiKey: `re_${word}` }),
  mux: (word) => ({ apiKey: 'token-id', apiSecret: `secret-${word}` }),
  assemblyai: (word) => ({ apiKey: `assemblyai-${word}` }),
  anthropic: (word) => ({ apiKey: `sk-ant-${word}` }),
  openai: (word) => ({ apiKey: `sk-${word}` }),
  elevenlabs: (word) => ({ apiKey: `elevenlabs-${word}` }),
  cloudflare_r2: (word) => ({
    apiKey: `access-${word}`,
    apiSecret: 'r2-secret',
    metadata: { accountId: R2_ACCOUNT },
  }),
  google_maps: (word) => ({ apiKey: `AIza-${word}` }),
  twilio: (word) => ({ apiKey: TWILIO_ACCOUNT, apiSecret: `token-${word}` }),
  easypost: (word) => ({ apiKey: `EZAK-${word}` }),
};

/** An input whose credential the vendor treats in a certain way. */
export function inputFor<Service extends TenantService>(
  service: Service,
  behaviour: Behaviour = 'right',
): CredentialInput<Service> {
  return INPUTS[service](behaviour);
}

interface Vendor {
  /** The credential that a request shows. */
  credential(request: VendorRequest): string | undefined;
  /** What it answers by `METHOD /path`. */
  answers: Record<string, object | string>;
  headers?: Record<string, string>;
  wrong: [number, object | string];
  restricted: [number, object | string];
}

const VENDORS: Record<TenantService, Vendor> = {
  stripe: {
    credential: bearer,
    answers: VENDOR_ANSWERS.stripe,
    wrong: [401, { error: { type: 'invalid_request_error', message: 'Invalid API Key' } }],
    // https://docs.stripe.com/keys/restricted-api-keys
    restricted: [
      403,
      {
        error: {
          type: 'invalid_request_error',
          message:
            "The provided key does not have the required permissions for this endpoint on account 'acct_1'.",
        },
      },
    ],
  },
  wise: {
    credential: bearer,
    answers: VENDOR_ANSWERS.wise,
    wrong: [401, { error: 'invalid_token' }],
    restricted: [403, { error: 'insufficient_scope' }],
  },
  resend: {
    credential: bearer,
    answers: VENDOR_ANSWERS.resend,
    wrong: [401, { statusCode: 401, name: 'validation_error', message: 'API key is invalid' }],
    restricted: [401, { statusCode: 401, name: 'restricted_api_key', message: 'Sending only' }],
  },
  mux: {
    credential: password,
    answers: VENDOR_ANSWERS.mux,
    wrong: [401, { error: { type: 'unauthorized', messages: ['Unauthorized request'] } }],
    restricted: [403, { error: { type: 'forbidden' } }],
  },
  assemblyai: {
    credential: header('authorization'),
    answers: VENDOR_ANSWERS.assemblyai,
    wrong: [401, { error: 'Invalid API key' }],
    restricted: [403, { error: 'Forbidden' }],
  },
  anthropic: {
    // The header of the documentation, or the one of the SDK since 1.0.
    credential: (request) => header('x-api-key')(request) ?? bearer(request),
    headers: { 'anthropic-organization-id': 'org_1' },
    answers: VENDOR_ANSWERS.anthropic,
    wrong: [401, { type: 'error', error: { type: 'authentication_error' } }],
    restricted: [403, { type: 'error', error: { type: 'permission_error' } }],
  },
  openai: {
    credential: bearer,
    headers: { 'openai-organization': 'org_2' },
    answers: VENDOR_ANSWERS.openai,
    wrong: [401, { error: { code: 'invalid_api_key', message: 'Incorrect API key provided' } }],
    restricted: [401, { error: { message: 'Missing scopes: api.model.read', code: null } }],
  },
  elevenlabs: {
    credential: header('xi-api-key'),
    answers: VENDOR_ANSWERS.elevenlabs,
    wrong: [401, { detail: { status: 'invalid_api_key', message: 'Invalid API key' } }],
    restricted: [401, { detail: { status: 'missing_permissions', message: 'user_read' } }],
  },
  cloudflare_r2: {
    credential: signer,
    answers: { ...VENDOR_ANSWERS.cloudflare_r2, 'HEAD /media/a.txt': 'Hello' },
    wrong: [403, '<Error><Code>SignatureDoesNotMatch</Code></Error>'],
    restricted: [403, '<Error><Code>AccessDenied</Code></Error>'],
  },
  google_maps: {
    credential: (request) =>
      header('x-goog-api-key')(request) ?? query(request).get('key') ?? undefined,
    answers: VENDOR_ANSWERS.google_maps,
    wrong: [
      400,
      { error: { status: 'INVALID_ARGUMENT', details: [{}, { reason: 'API_KEY_INVALID' }] } },
    ],
    restricted: [
      403,
      { error: { status: 'PERMISSION_DENIED', details: [{ reason: 'API_KEY_SERVICE_BLOCKED' }] } },
    ],
  },
  twilio: {
    credential: password,
    answers: VENDOR_ANSWERS.twilio,
    wrong: [401, { code: 20003, message: 'Authenticate' }],
    restricted: [401, { code: 70051, message: 'Authorization Failed' }],
  },
  easypost: {
    credential: user,
    answers: VENDOR_ANSWERS.easypost,
    wrong: [401, { error: { code: 'APIKEY.INACTIVE', message: 'This api key is inactive' } }],
    restricted: [403, { error: { code: 'FORBIDDEN', message: 'Forbidden' } }],
  },
};

/** Starts all vendors. */
export async function startFakeVendors(): Promise<FakeVendors> {
  const elsewhere: string[] = [];
  const other = await listen((request, response) => {
    elsewhere.push(JSON.stringify(request.headers));
    response.end('{}');
  });
  const servers = [other.server];
  const vendors: FakeVendors = {
    endpoints: {} as FakeVendors['endpoints'],
    requests: [],
    failures: [],
    answers: [],
    elsewhere,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  for (const service of Object.keys(VENDORS) as TenantService[]) {
    const { server, url } = await listen(async (message, response) => {
      const request = { ...(await read(message)), service };
      vendors.requests.push(request);
      await vendors.beforeAnswer?.();
      const failure = vendors.failures.shift();
      if (failure !== undefined) {
        response.writeHead(failure).end();
        return;
      }
      const next = vendors.answers.shift();
      if (next !== undefined) {
        response.writeHead(next.status, { 'content-type': 'application/json', ...next.headers });
        response.end(JSON.stringify(next.body));
        return;
      }
      answer(VENDORS[service], request, response, other.url);
    });
    servers.push(server);
    vendors.endpoints[service] = url;
  }
  return vendors;
}

function answer(vendor: Vendor, request: VendorRequest, response: ServerResponse, other: string) {
  const credential = vendor.credential(request) ?? '';
  const behaviour = BEHAVIOURS.find((word) => credential.endsWith(word)) ?? 'wrong';
  const send = (status: number, content: object | string, headers = {}) => {
    const type = typeof content === 'string' ? 'application/xml' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...vendor.headers, ...headers });
    response.end(typeof content === 'string' ? content : JSON.stringify(content));
  };
  switch (behaviour) {
    case 'right': {
      const { pathname } = new URL(request.url, 'http://vendor');
      const content = vendor.answers[`${request.method} ${pathname}`];
      return content === undefined ? send(404, { error: 'No such path' }) : send(200, content);
    }
    case 'wrong':
      return send(...vendor.wrong);
    case 'restricted':
      return send(...vendor.restricted);
    case 'throttled':
      return send(429, {}, { 'retry-after': '1' });
    case 'broken':
      return send(500, {});
    case 'malformed':
      return send(200, '{"data":[');
    case 'html':
      return send(200, '<!DOCTYPE html><title>Maintenance</title>');
    case 'redirected':
      return send(302, {}, { location: `${other}/v1/account` });
    case 'silent':
      return undefined;
  }
}

function bearer(request: VendorRequest): string | undefined {
  return request.headers.authorization?.match(/^Bearer (.+)$/)?.[1];
}

function basic(request: VendorRequest): string[] {
  const encoded = request.headers.authorization?.match(/^Basic (.+)$/)?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString().split(':');
}

function user(request: VendorRequest): string | undefined {
  return basic(request)[0];
}

function password(request: VendorRequest): string | undefined {
  return basic(request)[1];
}

function header(name: string) {
  return (request: VendorRequest) => request.headers[name]?.toString();
}

function query(request: VendorRequest): URLSearchParams {
  return new URL(request.url, 'http://vendor').searchParams;
}

/** The access key of a request whose signature (AWS Signature Version 4) is right. */
function signer(request: VendorRequest): string | undefined {
  const [, accessKey = '', scope = '', names = '', signature] =
    request.headers.authorization?.match(
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/,
    ) ?? [];
  const { pathname, searchParams } = new URL(request.url, 'http://vendor');
  const parameters = [...searchParams].map((pair) => pair.map(encodeURIComponent).join('='));
  const headers = names.split(';').map((name) => `${name}:${request.headers[name]}\n`);
  const canonical = [
    request.method,
    pathname,
    parameters.sort().join('&'),
    headers.join(''),
    names,
    request.headers['x-amz-content-sha256'],
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)];
  const key = scope.split('/').reduce<Buffer>(hmac, Buffer.from('AWS4r2-secret'));
  return hmac(key, text.join('\n')).toString('hex') === signature ? accessKey : undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

async function read(message: IncomingMessage) {
  return {
    method: message.method ?? '',
    url: message.url ?? '',
    headers: message.headers,
    body: await text(message),
  };
}

async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; url: string }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}` };
}

// Fakes the vendors over HTTP, each on a loopback port of its own. What a vendor answers depends on
// the last word of the credential that it is shown: see BEHAVIOURS.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CredentialInput, TenantService } from '@cgk-platform/integrations';
import type { FakeVendor, ReceivedRequest } from './fake-vendor';
import { SERVICE_IDS, SERVICES } from './services';

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

export interface VendorRequest extends ReceivedRequest {
  service: TenantService;
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

/** An input whose credential the vendor treats in a certain way. */
export function inputFor<Service extends TenantService>(
  service: Service,
  behaviour: Behaviour = 'right',
): CredentialInput<Service> {
  return SERVICES[service].input(behaviour);
}

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
  for (const service of SERVICE_IDS) {
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
      answer(SERVICES[service].vendor, request, response, other.url);
    });
    servers.push(server);
    vendors.endpoints[service] = url;
  }
  return vendors;
}

function answer(
  vendor: FakeVendor,
  request: VendorRequest,
  response: ServerResponse,
  other: string,
) {
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

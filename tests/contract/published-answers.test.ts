// Every answer that a vendor publishes, given over HTTP by a fake vendor: what a verification makes of it.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type {
  CredentialInput,
  TenantService,
  VerificationStatus,
} from '@cgk-platform/integrations';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inputFor } from '../kit/fake-vendors';
import { configureVault, KEY, vault } from '../kit/vault';

interface PublishedAnswer {
  name: string;
  status: number;
  headers?: Record<string, string>;
  body: object | string;
  /** What of the credential matters. */
  input?: object;
  expected: { status: VerificationStatus; code?: string } & Record<string, unknown>;
  /** The document that has it. */
  source: string;
  evidence: 'documented' | 'observed' | 'inferred';
}

const FOLDER = resolve(__dirname, '../published-answers');
const SERVICES = vault.SERVICE_CATALOG.map(({ id }) => id);

let answer: PublishedAnswer | undefined;
let requests = 0;
let server: Server;

beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1;
    const { status, headers, body } = answer as PublishedAnswer;
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoints = Object.fromEntries(SERVICES.map((service) => [service, url]));
  configureVault(KEY, { endpoints });
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((closed) => server.close(closed));
});

function answersOf(service: TenantService): PublishedAnswer[] {
  return JSON.parse(readFileSync(resolve(FOLDER, `${service}.json`), 'utf8'));
}

describe.each(SERVICES)('%s', (service) => {
  test.each(answersOf(service).map((published) => [published.name, published] as const))(
    '%s',
    async (_name, published) => {
      answer = published;
      requests = 0;
      const input = { ...inputFor(service), ...published.input } as CredentialInput<typeof service>;
      const result = await vault.verifyTenantCredentialInput(service, input);
      expect(result).toMatchObject(published.expected);
      expect(result.valid).toBe(['valid', 'under_scoped'].includes(result.status));
      expect(result.restriction === undefined).toBe(result.status !== 'restricted');
      expect(requests).toBe(result.status === 'unchecked' ? 0 : 1);
    },
  );
});

test('every answer says where it is from', () => {
  for (const { source, evidence } of SERVICES.flatMap(answersOf)) {
    expect(source).not.toBe('');
    expect(['documented', 'observed', 'inferred']).toContain(evidence);
  }
});

// Bodies of the save route: whatever is sent, the answer is JSON with a status that says whose fault
// it is, and repeats nothing.

import { closeIntegrations, configureIntegrations, createTenant } from '@cgk-platform/integrations';
import { createCredentialRoutes, type RouteReport } from '@cgk-platform/integrations/routes';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { campaign } from '../kit/campaign';
import { expectUnmarked, markedText } from '../kit/canary';
import { databaseUrl, newSlug } from '../kit/database';
import { type Random, wellFormed } from '../kit/random';
import { someInput, someService } from '../kit/save-inputs';

const tenantId = newSlug();
const reports: RouteReport[] = [];
const routes = createCredentialRoutes({
  authorize: () => ({ tenantId, userId: 'user-1', role: 'admin' }),
  onError: (report) => void reports.push(report),
  rateLimits: false,
});

beforeAll(async () => {
  const encryptionKey = 'fuzz-master-key-0123456789abcdefgh';
  configureIntegrations({ databaseUrl: databaseUrl(), encryptionKey });
  await createTenant(tenantId);
});

afterAll(() => closeIntegrations());

campaign({
  name: 'route-bodies',
  share: 0.5,
  outcomes: ['200', '400', '404', '413', '415', '422'],
  async run(random) {
    const response = await routes.save(someRequest(random));
    const text = await response.text();
    expect([200, 400, 404, 413, 415, 422]).toContain(response.status);
    expect(JSON.parse(text)).toEqual(expect.any(Object));
    expectUnmarked(text);
    expect(reports).toEqual([]);
    return String(response.status);
  },
});

function someRequest(random: Random): Request {
  const service = someService(random);
  const path = random.chance(0.95) ? service : encodeURIComponent(wellFormed(random.text()));
  const type = random.chance(0.95)
    ? random.pick(['application/json', 'Application/JSON; charset=utf-8'])
    : random.pick(['text/plain', 'application/x-www-form-urlencoded', '']);
  return new Request(`https://shop.example/api/admin/integrations/credentials/${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: someBody(random, service),
  });
}

function someBody(random: Random, service: ReturnType<typeof someService>): BodyInit {
  const json = jsonOf(someInput(random, service));
  const odd = random.oneOf<BodyInit>(
    () => random.damaged(json),
    () => jsonOf(random.value(() => markedText(random))),
    () => markedText(random),
    () => new Uint8Array(random.bytes(random.below(40))),
    () => `{"${markedText(random)}":"${'x'.repeat(random.pick([1000, 200_000]))}"}`,
    () => '['.repeat(random.pick([10, 50_000])),
    () => `{"metadata":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`,
    () => `{"apiKey":"sk-1","apiKey":{},"__proto__":{"apiSecret":"${markedText(random)}"}}`,
  );
  return random.chance(0.6) ? json : odd;
}

/** As far as JSON can have it. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '{}';
  }
}

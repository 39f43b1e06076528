// Another site that points its own name at this computer, so that a browser takes the app for a part
// of that site. Signing in to the demo asks for no password.

import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { browserPath, launchBrowser } from '../kit/browser';
import { type Demo, startDemo } from '../kit/demo';

const API = '/api/admin/integrations/credentials';
const describeInBrowser = browserPath ? describe : describe.skip;

let demo: Demo;

/** Sends a request whose `Host` is chosen, which `fetch` does not allow. */
async function send(host: string, method: string, path: string, headers = {}): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(demo.url + path, { method, headers: { ...headers, host } }, resolve)
      .on('error', reject)
      .end();
  });
  const { statusCode, headers: answered } = response;
  response.resume();
  return `${statusCode}${answered['set-cookie'] ? ' with a session' : ''}`;
}

describeInBrowser('the demo under the name of another site', () => {
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(() => demo?.stop());

  test('a browser that was rebound gets no page, no session and no credentials', async () => {
    const browser = await launchBrowser(['--host-resolver-rules=MAP evil.example 127.0.0.1']);
    try {
      const page = await browser.newPage();
      const site = Object.assign(new URL(demo.url), { hostname: 'evil.example' }).origin;
      const answer = await page.goto(`${site}/sign-in`);
      expect(answer?.status()).toBe(421);
      expect(await page.getByRole('button').count()).toBe(0);
      const status = await page.evaluate(async (path) => (await fetch(path)).status, API);
      expect(status).toBe(421);
    } finally {
      await browser.close();
    }
  });

  test.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost:80.evil.example',
    'evil@localhost',
    '10.0.0.1',
  ])('Host: %s is refused on every page and route', async (host) => {
    const forwarded = { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' };
    for (const [method, path] of [
      ['GET', '/sign-in'],
      ['POST', '/sign-in'],
      ['GET', API],
      ['POST', `${API}/stripe`],
      ['DELETE', `${API}/stripe`],
      ['GET', '/onboarding/4'],
    ] as const) {
      expect(await send(host, method, path)).toBe('421');
      expect(await send(host, method, path, forwarded)).toBe('421');
    }
  });

  test.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:1', '[::1]:3000'])(
    'Host: %s is this computer',
    async (host) => {
      expect(await send(host, 'GET', '/sign-in')).toBe('200');
    },
  );
});

import { randomBytes } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { encryptToken, SERVICE_CATALOG } from '@cgk-platform/integrations';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { browserPath } from '../kit/browser';
import { CREDENTIALS, type Demo, type DemoUser, screenshot, startDemo } from '../kit/demo';

const API = '/api/admin/integrations';
const describeInBrowser = browserPath ? describe : describe.skip;

let demo: Demo;
let page: Page;

const card = (name: string): Locator => page.getByRole('region', { name, exact: true });
const dialog = (): Locator => page.getByRole('dialog');
/** The label may go on with "optional". */
const field = (label: string): Locator =>
  dialog().getByLabel(new RegExp(`^${label}( ?optional)?$`));

async function open(user: DemoUser = 'Admin of rawdog', options = {}): Promise<void> {
  page = await demo.open(user, options);
}

async function tab(name: RegExp): Promise<void> {
  await page.getByRole('tab', { name }).click();
}

async function startConnecting(service: string): Promise<void> {
  await card(service)
    .getByRole('button', { name: /^(Connect|Update)$/ })
    .click();
  await dialog().waitFor();
}

async function submit(): Promise<void> {
  await dialog()
    .getByRole('button', { name: /^Verify and/ })
    .click();
}

async function connectStripe(key = 'sk_test_right', webhookSecret?: string): Promise<void> {
  await startConnecting('Stripe');
  await field('Secret key').fill(key);
  if (webhookSecret) {
    await field('Webhook signing secret').fill(webhookSecret);
  }
  await submit();
  await dialog().waitFor({ state: 'hidden' });
}

async function stripeRow(tenant = 'rawdog') {
  const { rows } = await demo.query(`select * from tenant_${tenant}.tenant_stripe_config`);
  return rows[0];
}

/** What the browser's own session gets from the API. */
async function callApi(method: string, path: string, body?: object): Promise<[number, string]> {
  return page.evaluate(
    async ([method, path, body]) => {
      const headers = { 'content-type': 'application/json', 'x-tenant-id': 'acme' };
      const response = await fetch(path, { method, headers, ...(body && { body }) } as RequestInit);
      return [response.status, await response.text()] as [number, string];
    },
    [method, API + path, body && JSON.stringify(body)] as const,
  );
}

async function expectAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

/** Everything that the page's JavaScript holds on to. */
async function readHeap(): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', {});
  await session.detach();
  return chunks.join('');
}

describeInBrowser('the admin pages in the demo', () => {
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(() => demo?.stop());
  beforeEach(async () => {
    demo.vendors.beforeAnswer = undefined;
    for (const tenant of ['rawdog', 'acme']) {
      for (const table of ['stripe_config', 'resend_config', 'wise_config', 'api_credentials']) {
        await demo.query(`delete from tenant_${tenant}.tenant_${table}`);
      }
    }
  });
  afterEach(() => page?.context().close());

  test('connect, update keeping the webhook secret, verify, disconnect, reconnect', async () => {
    await open();
    await connectStripe('sk_test_right', 'whsec_first');
    await card('Stripe').getByText('Connected', { exact: true }).waitFor();
    await card('Stripe').getByText('Test mode').waitFor();
    await card('Stripe').getByText('acct_1').waitFor();
    const first = await stripeRow();
    expect(first.secret_key_encrypted).toMatch(
      /^[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]{32}:[0-9a-f]+$/,
    );
    expect(JSON.stringify(first)).not.toMatch(/sk_test_right|whsec_first/);
    await screenshot(page, 'credentials-light');

    await connectStripe('sk_test_2_right');
    const second = await stripeRow();
    expect(second.secret_key_encrypted).not.toBe(first.secret_key_encrypted);
    expect(second.webhook_secret_encrypted).toBe(first.webhook_secret_encrypted);

    await card('Stripe').getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Stripe accepts the credential.', { exact: true }).waitFor();

    await card('Stripe').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disconnect' }).click();
    await card('Stripe').getByText('Not connected').waitFor();
    expect((await stripeRow()).is_active).toBe(false);

    await connectStripe();
    await card('Stripe').getByText('Connected', { exact: true }).waitFor();
    expect(await stripeRow()).toMatchObject({ is_active: true, webhook_secret_encrypted: null });
    const html = await page.content();
    expect(html).not.toMatch(/sk_test|whsec_first|[0-9a-f]{32}:[0-9a-f]{32}/);
    expect(demo.log()).not.toMatch(/sk_test|whsec/);
  });

  test.each(['accepted', 'refused, and given up'])(
    'a typed secret leaves the memory of the page once it is %s',
    async (outcome) => {
      await open();
      await startConnecting('Stripe');
      const marker = randomBytes(12).toString('hex');
      await field('Secret key').focus();
      await page.keyboard.insertText(
        `sk_test_${marker}_${outcome === 'accepted' ? 'right' : 'no'}`,
      );
      expect(await readHeap()).toContain(marker);
      await submit();
      if (outcome !== 'accepted') {
        await dialog().getByRole('alert').filter({ hasText: 'Stripe' }).first().waitFor();
        await page.keyboard.press('Escape');
        await dialog().getByRole('button', { name: 'Discard' }).click();
      }
      await dialog().waitFor({ state: 'hidden' });
      expect(await readHeap()).not.toContain(marker);
    },
  );

  test('a key that the vendor refuses is told at its field, and nothing is lost or stored', async () => {
    await open();
    await startConnecting('Stripe');
    await field('Secret key').fill('sk_test_wrong');
    await field('Publishable key').fill('pk_test_1');
    await submit();
    await dialog().getByRole('alert').filter({ hasText: 'Stripe' }).first().waitFor();
    expect(await field('Secret key').getAttribute('aria-invalid')).toBe('true');
    expect(await field('Secret key').inputValue()).toBe('sk_test_wrong');
    expect(await field('Publishable key').inputValue()).toBe('pk_test_1');
    expect(await stripeRow()).toBeUndefined();
    await screenshot(page, 'refused');
    await expectAccessible();
    await field('Secret key').fill('sk_test_right');
    await submit();
    await dialog().waitFor({ state: 'hidden' });
    expect(await stripeRow()).toMatchObject({ publishable_key: 'pk_test_1' });
  });

  test('the network that fails during a save loses nothing that was typed', async () => {
    await open();
    await startConnecting('Stripe');
    await field('Secret key').fill('sk_test_right');
    await page.route('**/credentials/stripe**', (route) => route.abort());
    await submit();
    await dialog().getByText('Check your connection').waitFor();
    expect(await field('Secret key').inputValue()).toBe('sk_test_right');
    expect(await stripeRow()).toBeUndefined();
    await page.unroute('**/credentials/stripe**');
    await submit();
    await dialog().waitFor({ state: 'hidden' });
    expect(await stripeRow()).toMatchObject({ is_active: true });
  });

  test('a reload in the middle of a save leaves the whole of it or nothing', async () => {
    await open();
    await startConnecting('Stripe');
    await field('Secret key').fill('sk_test_right');
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answer: () => void = () => {};
    demo.vendors.beforeAnswer = () =>
      new Promise((resolve) => {
        answer = resolve;
        asked();
      });
    await submit();
    await isAsked;
    expect(await stripeRow()).toBeUndefined();
    await page.reload();
    await card('Stripe').getByText('Not connected').waitFor();
    demo.vendors.beforeAnswer = undefined;
    answer();
    await connectStripe();
    expect(await stripeRow()).toMatchObject({ is_active: true, account_name: 'Rawdog' });
  });

  test('a double click saves once', async () => {
    await open();
    await startConnecting('Stripe');
    await field('Secret key').fill('sk_test_right');
    demo.vendors.requests.length = 0;
    await dialog()
      .getByRole('button', { name: /^Verify and/ })
      .dblclick();
    await dialog().waitFor({ state: 'hidden' });
    expect(demo.vendors.requests).toHaveLength(1);
  });

  test('a form of every service is made from the catalog', async () => {
    await open();
    for (const { displayName, categoryTitle, fields } of SERVICE_CATALOG) {
      await tab(new RegExp(`^${categoryTitle}`));
      await startConnecting(displayName);
      expect(await dialog().locator('input, textarea').count()).toBeGreaterThan(0);
      const secrets = dialog().locator('input[type=password], .cgk-masked');
      const hints = await secrets.evaluateAll((inputs) =>
        inputs.map((input) => input.getAttribute('autocomplete')),
      );
      // Nothing else keeps a browser from filling in the password of this site.
      expect(new Set(hints)).toEqual(new Set(['new-password']));
      const links = dialog().locator('a[target=_blank]');
      const urls = await links.evaluateAll((found) =>
        found.map((link) => link.getAttribute('href')),
      );
      expect(urls).toEqual(fields.flatMap((field) => ('url' in field ? [field.url] : [])));
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'hidden' });
    }
  });

  test('a name in HTML is shown as it is', async () => {
    await open();
    await tab(/^Email/);
    await startConnecting('Resend');
    await field('API key').fill('re_right');
    await field('From name').fill('<img src=x onerror=alert(1)>');
    await submit();
    await dialog().waitFor({ state: 'hidden' });
    await card('Resend').getByText('<img src=x onerror=alert(1)>').waitFor();
  });

  test('a member sees a notice and no controls, and the API refuses', async () => {
    await open('Member of rawdog');
    await page.getByText('Only for admins of this tenant').waitFor();
    expect(
      await page.getByRole('button', { name: /Connect|Update|Verify|Disconnect/ }).count(),
    ).toBe(0);
    expect((await callApi('GET', '/credentials'))[0]).toBe(403);
    expect((await callApi('GET', '/health'))[0]).toBe(403);
    expect((await callApi('DELETE', '/credentials/stripe'))[0]).toBe(403);
    const [status] = await callApi('POST', '/credentials/stripe', { secretKey: 'sk_test_right' });
    expect(status).toBe(403);
    expect(await stripeRow()).toBeUndefined();
    await expectAccessible();
  });

  test('the session of one tenant never sees or changes the other', async () => {
    await open('Admin of acme');
    await connectStripe();
    await page.context().close();
    await open('Admin of rawdog');
    await card('Stripe').getByText('Not connected').waitFor();
    expect(await callApi('GET', '/credentials?tenantId=acme')).toEqual([
      200,
      JSON.stringify({ stripe: null, resend: null, wise: null, services: [] }),
    ]);
    expect((await callApi('DELETE', '/credentials/stripe?tenantId=acme'))[0]).toBe(200);
    const body = { secretKey: 'sk_test_1', tenantId: 'acme' };
    expect((await callApi('POST', '/credentials/stripe', body))[0]).toBe(422);
    expect(await stripeRow('acme')).toMatchObject({ is_active: true, tenant_id: 'acme' });
    expect(await stripeRow('rawdog')).toBeUndefined();
  });

  test('sessions that are none: removed user, forged and expired cookie, none', async () => {
    const { SignJWT } = await import('jose');
    const sign = (secret: string, expiry: string) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer('cgk-integrations-demo')
        .setSubject('rawdog-admin')
        .setIssuedAt()
        .setExpirationTime(expiry)
        .sign(new TextEncoder().encode(secret));
    await open();
    const setCookie = (value: string) =>
      page.context().addCookies([{ name: 'session', value, url: demo.url }]);
    const status = async () => (await callApi('GET', '/credentials'))[0];

    await setCookie(await sign(demo.secret, '1h'));
    expect(await status()).toBe(200);
    for (const value of [
      await sign(`${demo.secret}x`, '1h'),
      await sign(demo.secret, '-1h'),
      'rawdog-admin',
      'eyJhbGciOiJub25lIn0.eyJzdWIiOiJyYXdkb2ctYWRtaW4ifQ.',
    ]) {
      await setCookie(value);
      expect(await status()).toBe(401);
    }
    await page.goto(demo.url + CREDENTIALS);
    await page.waitForURL('**/sign-in');

    await page.getByRole('button', { name: 'Admin of rawdog' }).click();
    await page.waitForURL(`**${CREDENTIALS}`);
    expect(await status()).toBe(200);
    await demo.query(`delete from demo_users where id = 'rawdog-admin'`);
    try {
      expect(await status()).toBe(401);
    } finally {
      await demo.query(`insert into demo_users values ('rawdog-admin', 'rawdog', 'admin')`);
    }
  });

  test('a session that ends while a form is open: what was typed stays', async () => {
    await open();
    await startConnecting('Stripe');
    await field('Secret key').fill('sk_test_right');
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    await submit();
    await dialog()
      .getByText(/Sign in again/)
      .waitFor();
    expect(await field('Secret key').inputValue()).toBe('sk_test_right');
    await page.context().addCookies(cookies);
    await submit();
    await dialog().waitFor({ state: 'hidden' });
    expect(await stripeRow()).toMatchObject({ is_active: true });
  });

  test('onboarding: a wrong mode, skips, and what was saved is there again', async () => {
    await open();
    await page.goto(`${demo.url}/onboarding/4`);
    const stripe = card('Stripe');
    await stripe.getByRole('radio', { name: 'Live' }).click();
    await stripe.getByLabel('Secret key', { exact: true }).fill('sk_test_right');
    await stripe.getByText('This is a test key, but live mode is chosen.').waitFor();
    await screenshot(page, 'onboarding-payments');
    await stripe.getByRole('radio', { name: 'Test' }).click();
    await stripe.getByRole('button', { name: /^Verify and/ }).click();
    await stripe.getByText('Connected', { exact: true }).waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/onboarding/5');
    for (const service of ['Resend', 'Mux Video', 'AssemblyAI', 'Anthropic (Claude)']) {
      await card(service).getByText('Not connected').waitFor();
    }
    await page.goto(`${demo.url}/onboarding/4`);
    await card('Stripe').getByText('Connected', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Skip for Now' }).click();
    await page.waitForURL('**/onboarding/5');
    await page.getByRole('button', { name: 'Skip for Now' }).click();
    await page.waitForURL(`**${CREDENTIALS}`);
    expect(await stripeRow()).toMatchObject({ is_active: true, livemode: false });
  });

  test('by keyboard alone', async () => {
    await open();
    await card('Stripe').waitFor();
    const reach = async (target: Locator) => {
      for (let n = 0; n < 40; n += 1) {
        if (await target.evaluate((element) => element === document.activeElement)) {
          return;
        }
        await page.keyboard.press('Tab');
      }
      throw new Error(`${target} can not be reached with the Tab key`);
    };
    await reach(card('Stripe').getByRole('button', { name: 'Connect' }));
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    await reach(field('Secret key'));
    await page.keyboard.type('sk_test_right');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'hidden' });
    await card('Stripe').getByText('Connected', { exact: true }).waitFor();
    const focused = page.locator(':focus');
    expect(await focused.textContent()).toBe('Update');
  });

  test.each([
    ['360-light', { viewport: { width: 360, height: 740 } }],
    ['360-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
    ['dark', { colorScheme: 'dark' }],
    ['light', {}],
  ])('%s: no scrolling sideways, and axe finds nothing', async (name, options) => {
    await open('Admin of rawdog', { reducedMotion: 'reduce', ...options });
    await connectStripe();
    await card('Health').getByText('Database').waitFor();
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await expectAccessible();
    await screenshot(page, `credentials-${name}`);
    await startConnecting('Stripe');
    expect(await overflow()).toBeLessThanOrEqual(0);
    await expectAccessible();
    await screenshot(page, `form-${name}`);
  });

  test('a rotation that is not finished and a migration that is missing stand in Health, and axe finds nothing', async () => {
    await open('Admin of rawdog', { reducedMotion: 'reduce' });
    await connectStripe('sk_test_right', 'whsec_first');
    const health = card('Health');
    await page.reload();
    const key = health.getByRole('listitem').filter({ hasText: 'Encryption key' });
    const database = health.getByRole('listitem').filter({ hasText: 'Database' });
    await key.getByText(/^2 values under this key \([0-9a-f]{8}\), format v1$/).waitFor();
    await key.getByRole('img', { name: 'Well' }).waitFor();
    await database.getByRole('img', { name: 'Well' }).waitFor();

    const token = await encryptToken('sk_test_right', demo.previousEncryptionKey);
    await demo.query('update tenant_rawdog.tenant_stripe_config set secret_key_encrypted = $1', [
      token,
    ]);
    await demo.query('alter table tenant_rawdog.tenant_wise_config drop column failing_since');
    await page.reload();
    await key.getByText(/^1 value under another key \([0-9a-f]{8}\), format v1$/).waitFor();
    await key.getByText('Rotation not finished: run cgk-integrations keys rotate').waitFor();
    await key.getByRole('img', { name: 'Not finished' }).waitFor();
    await database.getByText('cgk-integrations migrate --tenant rawdog').waitFor();
    await database.getByRole('img', { name: 'Not finished' }).waitFor();
    await health.getByText('All well').waitFor();
    expect(await health.textContent()).not.toContain(token.slice(0, 32));
    await expectAccessible();
    await demo.query(
      'alter table tenant_rawdog.tenant_wise_config add column failing_since timestamptz',
    );
  });

  test('a sandbox key is offered where there is one', async () => {
    await open();
    await tab(/^AI Services/);
    await startConnecting('OpenAI');
    await dialog().getByRole('button', { name: 'Use sandbox key' }).click();
    await submit();
    await dialog().waitFor({ state: 'hidden' });
    await card('OpenAI').getByText('Connected', { exact: true }).waitFor();
  });
});

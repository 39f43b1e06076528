// The demo as a person sees it: on a database of its own, with fake vendors, in Chromium.

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  closeIntegrations,
  configureIntegrations,
  createTenant,
} from '@cgk-platform/integrations/native';
import pg from 'pg';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { newDatabase } from './database';
import { type FakeVendors, inputFor, startFakeVendors } from './fake-vendors';

const SCREENSHOTS = resolve(__dirname, '../../.screenshots');
export const CREDENTIALS = '/admin/settings/integrations/credentials';

export type DemoUser = 'Admin of rawdog' | 'Member of rawdog' | 'Admin of acme' | 'Member of acme';

export interface Demo {
  url: string;
  vendors: FakeVendors;
  secret: string;
  /** A key that the app only reads with. */
  previousEncryptionKey: string;
  /** Runs SQL on the app's database, past the vault. */
  query(text: string, params?: unknown[]): Promise<pg.QueryResult>;
  /** A page of a browser of its own, signed in. */
  open(user: DemoUser, options?: BrowserContextOptions): Promise<Page>;
  /** Everything that the app printed. */
  log(): string;
  stop(): Promise<void>;
}

export async function startDemo(): Promise<Demo> {
  const { seedDemoUsers, startDemoApp } = await import('./demo-app.mjs');
  const url = await newDatabase(`admin_${randomBytes(6).toString('hex')}`);
  const [encryptionKey, previousEncryptionKey] = [0, 1].map(() =>
    randomBytes(32).toString('base64'),
  ) as [string, string];
  configureIntegrations({ databaseUrl: url, encryptionKey });
  for (const tenant of ['rawdog', 'acme']) {
    await createTenant(tenant);
  }
  await closeIntegrations();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  await seedDemoUsers(pool);
  const vendors = await startFakeVendors();
  const secret = randomBytes(32).toString('base64');
  const app = await startDemoApp({
    databaseUrl: url,
    encryptionKey,
    previousEncryptionKey,
    sessionSecret: secret,
    endpoints: vendors.endpoints,
    samples: { openai: inputFor('openai') },
    limitsRates: false,
  });
  const browser = await launchBrowser();
  return {
    url: app.url,
    vendors,
    secret,
    previousEncryptionKey,
    query: (text, params) => pool.query(text, params),
    async open(user, options) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(`${app.url}/sign-in`);
      await page.getByRole('button', { name: user }).click();
      await page.waitForURL(`**${CREDENTIALS}`);
      return page;
    },
    log: app.log,
    async stop() {
      await browser.close();
      await app.stop();
      await vendors.close();
      await pool.end();
    },
  };
}

/** Keeps a picture for people to look at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: resolve(SCREENSHOTS, `${name}.png`), fullPage: true });
}

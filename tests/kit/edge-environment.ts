// Vercel's edge runtime as a Jest environment. What the internet would be, Neon's HTTP endpoint and
// the vendors, is started outside of it.

import EdgeEnvironment from '@edge-runtime/jest-environment';
import { databaseUrl } from './database';
import { type FakeVendors, startFakeVendors } from './fake-vendors';
import { type NeonProxy, startNeonProxy } from './neon-proxy';

/** What a test finds in its global object. */
export interface EdgeGlobals {
  DATABASE_URL: string;
  NEON_ENDPOINT: string;
  VENDOR_ENDPOINTS: FakeVendors['endpoints'];
}

export default class NeonEdgeEnvironment extends EdgeEnvironment {
  #neon: NeonProxy | undefined;
  #vendors: FakeVendors | undefined;

  override async setup(): Promise<void> {
    await super.setup();
    this.#neon = await startNeonProxy(databaseUrl());
    this.#vendors = await startFakeVendors();
    const globals: EdgeGlobals = {
      DATABASE_URL: databaseUrl(),
      NEON_ENDPOINT: this.#neon.endpoint,
      VENDOR_ENDPOINTS: this.#vendors.endpoints,
    };
    Object.assign(this.global, globals);
  }

  override async teardown(): Promise<void> {
    await this.#neon?.close();
    await this.#vendors?.close();
    await super.teardown();
  }
}

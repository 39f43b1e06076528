// The driver of `@neondatabase/serverless`, made from the URL alone.

import type { DatabaseDriver } from '../types.js';
import { neonDriver } from './index.js';

/**
 * A driver for a Neon database, over HTTP; `undefined` for any other host: Neon's package makes the
 * address that it sends the password to from the host's name.
 */
export function neonDriverFor(url: string | undefined): DatabaseDriver | undefined {
  if (url === undefined || !isNeonHost(url)) {
    return undefined;
  }
  return {
    async query(sql, params) {
      const { neon } = await importNeon();
      return neonDriver(neon(url)).query(sql, params);
    },
  };
}

function isNeonHost(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname.endsWith('.neon.tech');
}

async function importNeon() {
  try {
    return await import('@neondatabase/serverless');
  } catch {
    // The Rust core says what to install.
    throw { code: 'DRIVER_MISSING' };
  }
}

import { closeVault } from './backend/config.js';
import { checkOptions } from './backend/options.js';
import { Vault } from './backend/vault.js';
import * as functions from './functions.js';
import type { IntegrationsOptions } from './types.js';

type Functions = typeof functions;

/** The functions of this package over one configuration of their own: see {@link createIntegrations}. */
export interface Integrations extends Functions {
  /** Waits for the calls that are under way and closes the connections. The next call opens new ones. */
  close(): Promise<void>;
}

/**
 * Makes the functions of this package over a configuration of their own, for a process that reaches
 * several databases, and for tests.
 *
 *     const eu = createIntegrations({ databaseUrl: EU_URL, encryptionKey: EU_KEY });
 *     await eu.getTenantStripeClient('acme');
 *
 * Shares no connection, cached client or key with another one or with the plain exports, even where the
 * options are equal; so make one for each database, not one for each request. The functions need no
 * `this`: they can be taken out of it. What is left out of the options comes from the environment.
 *
 * @returns the functions, and `close`
 * @throws `CONFIG_INVALID`
 */
export function createIntegrations(options: IntegrationsOptions): Integrations {
  const vault = new Vault();
  vault.options = checkOptions(options, 'createIntegrations');
  const bound = Object.entries(functions).map(([name, call]) => [name, bind(vault, name, call)]);
  return { ...Object.fromEntries(bound), close: () => closeVault(vault) };
}

/** A function that is called for a vault, under its own name: `bind` puts another before it. */
function bind(vault: Vault, name: string, call: Functions[keyof Functions]) {
  const bound = (call as (this: Vault, ...args: unknown[]) => unknown).bind(vault);
  return Object.defineProperty(bound, 'name', { value: name, configurable: true });
}

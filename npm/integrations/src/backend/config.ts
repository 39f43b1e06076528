// What is configured, and what follows from it alone.

import { isIntegrationError } from '../errors.js';
import type { IntegrationsOptions } from '../types.js';
import { backend } from './backend.js';
import { defaultVault } from './default-vault.js';
import { areEqualSettings } from './equal-settings.js';
import { askForKey, keysOf } from './keys.js';
import { checkOptions } from './options.js';
import { discardStores } from './stores.js';
import type { Vault } from './vault.js';

const DEFAULT_VENDOR_TIMEOUT_MS = 10_000;

/**
 * Sets how the vault reaches its database and its key. What is left out comes from the environment.
 *
 * Holds for the whole process, whichever entry point it was called by. Replaces what an earlier call
 * set, and changes nothing if that was the same. Calls that are under way end with the settings they
 * began with; the connections of these are closed then.
 *
 * @throws `CONFIG_INVALID`
 */
export function configureIntegrations(options: IntegrationsOptions): void {
  const checked = checkOptions(options, 'configureIntegrations');
  if (areEqualSettings(checked, defaultVault.options)) {
    return;
  }
  stopListening(defaultVault);
  discardStores(defaultVault);
  defaultVault.options = checked;
}

/**
 * Waits for the calls that are under way and closes the connections. The next call opens new ones.
 * Never rejects.
 *
 * On the edge there are no connections to close, and no request waits for another's calls.
 */
export async function closeIntegrations(): Promise<void> {
  return closeVault(defaultVault);
}

/** Closes the connections of a vault: see {@link closeIntegrations}. @internal */
export async function closeVault(vault: Vault): Promise<void> {
  stopListening(vault);
  discardStores(vault);
  await Promise.all(vault.closing);
}

/** What is wrong with the master key, as an error's `code`; `undefined` if nothing. @internal */
export async function encryptionKeyError(vault: Vault): Promise<string | undefined> {
  try {
    await askForKey(vault);
    const { current } = keysOf(vault);
    if (backend(vault).isValidEncryptionKey(current)) {
      return undefined;
    }
    return current ? 'KEY_INVALID' : 'KEY_MISSING';
  } catch (error) {
    return isIntegrationError(error) ? error.code : 'KEY_UNAVAILABLE';
  }
}

/**
 * Scheme and host that a service is reached at instead of its vendor's own; for the vendor's sandbox
 * `<service>_sandbox`, where that is set.
 *
 * @internal
 */
export function endpointOverride(
  vault: Vault,
  service: string,
  sandbox = false,
): string | undefined {
  const endpoints: Record<string, string | undefined> = vault.options.endpoints ?? {};
  const names = sandbox ? [`${service}_sandbox`, service] : [service];
  const name = names.find((name) => Object.hasOwn(endpoints, name) && endpoints[name]);
  return name && endpoints[name];
}

/** Milliseconds that a vendor may take to answer. @internal */
export function vendorTimeoutMs(vault: Vault): number {
  return vault.options.vendorTimeoutMs ?? DEFAULT_VENDOR_TIMEOUT_MS;
}

function stopListening(vault: Vault): void {
  const stopped = vault.listener
    ?.stop()
    .finally(() => vault.closing.delete(stopped as Promise<void>));
  vault.listener = undefined;
  if (stopped) {
    vault.closing.add(stopped);
  }
}

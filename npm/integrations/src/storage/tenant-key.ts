import { callStore } from '../backend/core.js';
import { vaultOf } from '../backend/default-vault.js';

/**
 * The key of one tenant's v2 tokens, from the configured encryption key. It is accepted where that
 * key is, and opens the v2 tokens of this tenant and nothing else: what a worker for one tenant needs.
 *
 * @returns `cgkt1.<key id>.<tenant>.<key>`, a secret like the encryption key
 * @throws `TENANT_INVALID`, `KEY_MISSING`, `KEY_INVALID` for a key that was not generated
 */
export async function deriveTenantKey(this: unknown, tenantId: string): Promise<string> {
  return callStore(vaultOf(this), 'deriveTenantKey', tenantId);
}

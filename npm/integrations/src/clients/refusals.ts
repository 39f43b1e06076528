// What a client does with a vendor's refusal besides handing it to the caller, who waits for nothing of it:
// the credential is checked once, where the settings say so.

import type { Vault } from '../backend/vault.js';
import { writesEvents } from '../events/actor.js';
import { isFirstUntil } from '../first-until.js';
import { reportVendorRefusal } from '../schedule/refusal.js';
import type { TenantService } from '../types.js';

/** Called when a vendor refuses the credential. */
export type Refused = () => void;

/** How long after a refusal no other one of the same credential counts, in this process. */
const QUIET_MS = 60_000;

/** What the client of a tenant calls when the vendor refuses its credential. */
export function refusalOf(vault: Vault, tenantId: string, service: TenantService): Refused {
  return () => {
    const { onVendorRefusal } = vault.options;
    if (!onVendorRefusal || !writesEvents(vault) || !isFirst(vault, tenantId, service)) {
      return;
    }
    const checked = reportVendorRefusal.call(vault, tenantId, service).catch(() => {});
    if (typeof onVendorRefusal === 'function') {
      notify(async () => onVendorRefusal({ tenantId, service, checked }));
    }
  };
}

/** Whether none was seen for a while. */
function isFirst({ refusals }: Vault, tenantId: string, service: string): boolean {
  return isFirstUntil(refusals, `${service}\n${tenantId}`, Date.now() + QUIET_MS);
}

/** The call that was refused goes on whatever the host's function does. */
function notify(call: () => Promise<unknown>): void {
  call().catch(() => {});
}

import type { TenantIntegrationStatus } from '../index.js';
import { ownProperties } from '../own-properties.js';

/** The status of a connected service, as JSON: times are ISO 8601 in UTC. */
export interface CredentialStatusAnswer {
  service: string;
  displayName: string;
  connected: true;
  lastVerifiedAt: string | null;
  hasError: boolean;
  errorMessage: string | null;
  /** The `code` of the error that reading the stored credential gives. */
  errorCode?: string;
  /** Since when the vendor has been refusing the credential. */
  failingSince: string | null;
  accountInfo?: Record<string, unknown>;
  /** What is stored unencrypted, by the name of the input field. */
  values: Record<string, string | boolean>;
  /** The input fields whose secrets are stored; nothing of the secrets themselves. */
  secretsSet: string[];
}

/** The answer of the list; `null` and left out: not connected. */
export interface CredentialStatusesAnswer {
  stripe: CredentialStatusAnswer | null;
  resend: CredentialStatusAnswer | null;
  wise: CredentialStatusAnswer | null;
  /** The services without a table of their own, in the order of the catalog. */
  services: CredentialStatusAnswer[];
}

/** @internal */
export function groupStatuses(statuses: TenantIntegrationStatus[]): CredentialStatusesAnswer {
  const connected = statuses.filter((status) => status.connected).map(toAnswer);
  const own = (id: string) => connected.find(({ service }) => service === id) ?? null;
  return {
    stripe: own('stripe'),
    resend: own('resend'),
    wise: own('wise'),
    services: connected.filter(({ service }) => !['stripe', 'resend', 'wise'].includes(service)),
  };
}

function toAnswer(given: TenantIntegrationStatus): CredentialStatusAnswer {
  const status = ownProperties(given);
  const { service, displayName, hasError, errorMessage, errorCode, accountInfo } = status;
  return {
    service,
    displayName,
    connected: true,
    lastVerifiedAt: status.lastVerifiedAt?.toISOString() ?? null,
    hasError,
    errorMessage,
    ...(errorCode !== undefined && { errorCode }),
    failingSince: status.failingSince?.toISOString() ?? null,
    ...(accountInfo !== undefined && { accountInfo }),
    values: status.values ?? {},
    secretsSet: status.secretsSet ?? [],
  };
}

import type { Resend } from 'resend';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { endpointOf } from '../services.js';
import { getTenantResendConfig } from '../storage/storage.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, clearCachedClient, requiredClient } from './cache.js';
import { type Refused, refusalOf } from './refusals.js';
import { constructClient, field, importFailure, redactInspection, secretsOf } from './sdk.js';
import { fetchFrom } from './vendor-fetch.js';

/**
 * The tenant's Resend client, from the cache or made of what is stored.
 *
 * @returns `null` if Resend is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`, `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function getTenantResendClient(
  this: unknown,
  tenantId: string,
): Promise<Resend | null> {
  return cachedClient(vaultOf(this), tenantId, 'resend', build);
}

/**
 * The tenant's Resend client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`,
 *   `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function requireTenantResendClient(this: unknown, tenantId: string): Promise<Resend> {
  return requiredClient(getTenantResendClient.call(this, tenantId), 'resend', tenantId);
}

/** Drops the cached client of one tenant. Never throws. */
export function clearTenantResendClientCache(this: unknown, tenantId: string): void {
  clearCachedClient(vaultOf(this), 'resend', tenantId);
}

/** Drops the cached clients of all tenants. Never throws. */
export function clearAllResendClientCache(this: unknown): void {
  clearCachedClient(vaultOf(this), 'resend');
}

const USER_AGENT = `@cgk-platform/integrations:${PACKAGE_VERSION}`;

/** Who the tenant's mail comes from, ready for Resend's `emails.send`. */
export interface ResendSenderConfig {
  /** `Name <address>`, or the address alone. */
  from: string;
  replyTo?: string;
}

/**
 * Who the tenant's mail comes from.
 *
 * @returns `null` if Resend or its from address is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `STORED_DATA_INVALID`, `DATABASE_…`
 */
export async function getTenantResendSenderConfig(
  this: unknown,
  tenantId: string,
): Promise<ResendSenderConfig | null> {
  const config = await getTenantResendConfig.call(this, tenantId);
  if (!config?.defaultFromEmail) {
    return null;
  }
  const { defaultFromEmail: email, defaultFromName: name, defaultReplyTo: replyTo } = config;
  const from = name ? `${quoted(name)} <${addressOf(email)}>` : email;
  return { from, ...(replyTo && { replyTo }) };
}

/** The address of `Name <address>`, or what is an address already. */
function addressOf(mailbox: string): string {
  return mailbox.match(/<([^<>]*)>$/)?.[1] ?? mailbox;
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<Resend> {
  const sdk = await importSdk();
  const baseUrl = endpointOf(vault, 'resend', credential);
  // What is left out would come from the environment of the platform.
  const options = { baseUrl, userAgent: USER_AGENT };
  const client = constructClient(
    'resend',
    () => new sdk.Resend(field(credential, 'apiKey'), options),
  );
  setInner(client, baseUrl, refusalOf(vault, tenantId, 'resend'));
  return redactInspection(client, 'resend', tenantId, secretsOf('resend', credential));
}

/** Sets what older releases take from the environment alone, and lets no redirect be followed. */
function setInner(client: Resend, baseUrl: string, refused: Refused): void {
  const inner = client as unknown as Inner;
  inner.headers.set('User-Agent', USER_AGENT);
  const request = 'baseUrl' in client ? inner.fetchRequest.bind(client) : requestsTo(baseUrl);
  Object.assign(inner, {
    debug: false,
    fetchRequest: async (path: string, init?: RequestInit) => {
      const result = await request(path, { ...init, redirect: 'manual' });
      if (isRefusal(result?.error)) {
        refused();
      }
      return result;
    },
  });
}

/** The SDK gives no status where the answer has none in its body; an unknown key has had several. */
function isRefusal(error: ResendFailure | null | undefined): boolean {
  return (
    error?.statusCode === 401 ||
    ['invalid_api_key', 'missing_api_key'].includes(error?.name ?? '') ||
    /^API key is invalid/.test(error?.message ?? '')
  );
}

/** What all releases of the SDK have within. */
interface Inner {
  headers: Headers;
  fetchRequest: (
    path: string,
    init?: RequestInit,
  ) => Promise<{ error?: ResendFailure | null } | undefined>;
}

interface ResendFailure {
  statusCode?: number | null;
  name?: string;
  message?: string;
}

function requestsTo(baseUrl: string): Inner['fetchRequest'] {
  const send = fetchFrom(baseUrl, () => {});
  return async (path, init) => {
    try {
      const response = await send(`${baseUrl}${path}`, init);
      const content = await response.json();
      return response.ok ? { data: content, error: null } : { data: null, error: content };
    } catch {
      const message = 'Unable to fetch data. The request could not be resolved.';
      return { data: null, error: { name: 'application_error', message } };
    }
  };
}

/** A display name as a header takes it (RFC 5322, section 3.2.4). */
function quoted(name: string): string {
  return /[^\w !#$%&'*+/=?^`{|}~\u0080-\uffff-]/.test(name)
    ? `"${name.replace(/["\\]/g, '\\$&')}"`
    : name;
}

async function importSdk() {
  try {
    return await import('resend');
  } catch (error) {
    throw importFailure('resend', 'resend', error);
  }
}

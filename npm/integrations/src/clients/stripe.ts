import type Stripe from 'stripe';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, clearCachedClient, requiredClient } from './cache.js';
import { hideFromLogs } from './conceal.js';
import { type Refused, refusalOf } from './refusals.js';
import { constructClient, field, importFailure, redactInspection, secretsOf } from './sdk.js';
import { fetchWithoutRedirects } from './vendor-fetch.js';

/**
 * The tenant's Stripe client, from the cache or made of what is stored.
 *
 * @returns `null` if Stripe is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`, `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function getTenantStripeClient(
  this: unknown,
  tenantId: string,
): Promise<Stripe | null> {
  return cachedClient(vaultOf(this), tenantId, 'stripe', build);
}

/**
 * The tenant's Stripe client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `SDK_MISSING`,
 *   `SDK_UNSUPPORTED`, `DATABASE_…`
 */
export async function requireTenantStripeClient(this: unknown, tenantId: string): Promise<Stripe> {
  return requiredClient(getTenantStripeClient.call(this, tenantId), 'stripe', tenantId);
}

/** Drops the cached client of one tenant. Never throws. */
export function clearTenantStripeClientCache(this: unknown, tenantId: string): void {
  clearCachedClient(vaultOf(this), 'stripe', tenantId);
}

/** Drops the cached clients of all tenants. Never throws. */
export function clearAllStripeClientCache(this: unknown): void {
  clearCachedClient(vaultOf(this), 'stripe');
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<Stripe> {
  const { default: StripeClient } = await importSdk();
  const { hostname, port, protocol } = new URL(endpointOf(vault, 'stripe', credential));
  const client = constructClient(
    'stripe',
    () =>
      new StripeClient(field(credential, 'secretKey'), {
        host: hostname,
        port: port || (protocol === 'http:' ? '80' : '443'),
        protocol: protocol === 'http:' ? 'http' : 'https',
        ...apiVersionOf(StripeClient),
        appInfo: { name: '@cgk-platform/integrations', version: PACKAGE_VERSION },
        telemetry: false,
        ...transportOf(StripeClient, hostname, refusalOf(vault, tenantId, 'stripe')),
      }),
  );
  return redactInspection(client, 'stripe', tenantId, secretsOf('stripe', credential));
}

/** The SDK's own classes, of which test doubles and old versions lack some. */
type Sdk = Partial<Pick<typeof Stripe, 'createNodeHttpClient' | 'createFetchHttpClient'>> & {
  prototype: { getConstant?: (name: string) => unknown };
};

/** The version that the SDK is made for, as its own types say; never the account's default. */
function apiVersionOf(sdk: Sdk): Pick<Stripe.StripeConfig, 'apiVersion'> {
  const version = sdk.prototype.getConstant?.('DEFAULT_API_VERSION');
  return version ? { apiVersion: version as typeof Stripe.API_VERSION } : {};
}

/** Early versions take none; their own follows no redirects either. */
function transportOf(
  sdk: Sdk,
  host: string,
  refused: Refused,
): Pick<Stripe.StripeConfig, 'httpClient'> {
  const httpClient = nodeTransport(sdk) ?? sdk.createFetchHttpClient?.(fetchWithoutRedirects);
  return httpClient ? { httpClient: watched(httpClient, host, refused) } : {};
}

/** Sees the status of the answers of one of Stripe's hosts: that of its API. */
function watched(client: Stripe.HttpClient, host: string, refused: Refused): Stripe.HttpClient {
  const send = client.makeRequest.bind(client);
  client.makeRequest = async (...request) => {
    const response = await send(...request);
    if (request[0] === host && response.getStatusCode() === 401) {
      refused();
    }
    return response;
  };
  return client;
}

/**
 * The SDK's transport for Node. Answers and errors have what came over the connection with them, and
 * that has the request.
 */
function nodeTransport(sdk: Sdk): Stripe.HttpClient | undefined {
  const client = createNodeTransport(sdk);
  if (!client) {
    return undefined;
  }
  const send = client.makeRequest.bind(client);
  client.makeRequest = async (...request) => {
    const response = await send(...request);
    const message = response.getRawResponse() as { req?: object; socket?: object };
    for (const part of [message, message.req, message.socket]) {
      if (part) {
        hideFromLogs(part, '[Stripe response]');
      }
    }
    return response;
  };
  return client;
}

/** `undefined` in the SDK's build for workers, which Bun takes, too. */
function createNodeTransport(sdk: Sdk): Stripe.HttpClient | undefined {
  try {
    return IS_EDGE_BUILD ? undefined : sdk.createNodeHttpClient?.();
  } catch {
    return undefined;
  }
}

async function importSdk() {
  try {
    return await import('stripe');
  } catch (error) {
    throw importFailure('stripe', 'stripe', error);
  }
}

import type Stripe from 'stripe';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, clearCachedClient, requiredClient } from './cache.js';
import { hideFromLogs } from './conceal.js';
import { construct, importFailure, opaque, secretsOf, stored } from './sdk.js';
import { fetchWithoutRedirects } from './vendor-fetch.js';

/** The tenant's Stripe client, or `null` if Stripe is not configured. */
export async function getTenantStripeClient(tenantId: string): Promise<Stripe | null> {
  return cachedClient(tenantId, 'stripe', build);
}

/** The tenant's Stripe client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantStripeClient(tenantId: string): Promise<Stripe> {
  return requiredClient(getTenantStripeClient(tenantId), 'stripe', tenantId);
}

/** Drops the cached client of one tenant. */
export function clearTenantStripeClientCache(tenantId: string): void {
  clearCachedClient('stripe', tenantId);
}

/** Drops the cached clients of all tenants. */
export function clearAllStripeClientCache(): void {
  clearCachedClient('stripe');
}

async function build(credential: TenantCredential, tenantId: string): Promise<Stripe> {
  const { default: StripeClient } = await importSdk();
  const { hostname, port, protocol } = new URL(endpointOf('stripe', credential));
  const client = construct(
    'stripe',
    () =>
      new StripeClient(stored(credential, 'secretKey'), {
        host: hostname,
        port: port || (protocol === 'http:' ? '80' : '443'),
        protocol: protocol === 'http:' ? 'http' : 'https',
        // The version that the SDK is made for, as its own types say; never the account's default.
        apiVersion: versionOf(StripeClient),
        appInfo: { name: '@cgk-platform/integrations', version: PACKAGE_VERSION },
        telemetry: false,
        httpClient: hasNodeHttp(StripeClient)
          ? quietHttp(StripeClient)
          : StripeClient.createFetchHttpClient(fetchWithoutRedirects),
      }),
  );
  return opaque(client, 'stripe', tenantId, secretsOf('stripe', credential));
}

/** Bun takes the SDK's build for workers, whose transport is `fetch`. */
function hasNodeHttp(sdk: typeof Stripe): boolean {
  try {
    return !BUILT_FOR_EDGE && sdk.createNodeHttpClient() !== undefined;
  } catch {
    return false;
  }
}

/**
 * The SDK's transport for Node. Answers and errors have what came over the connection with them, and
 * that has the request.
 */
function quietHttp(sdk: typeof Stripe): Stripe.HttpClient {
  const client = sdk.createNodeHttpClient();
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

function versionOf(sdk: typeof Stripe): typeof Stripe.API_VERSION {
  return sdk.prototype.getConstant('DEFAULT_API_VERSION') as typeof Stripe.API_VERSION;
}

async function importSdk() {
  try {
    return await import('stripe');
  } catch (error) {
    throw importFailure('stripe', 'stripe', error);
  }
}

import type Anthropic from '@anthropic-ai/sdk';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { type Refused, refusalOf } from './refusals.js';
import {
  constructClient,
  defineHidden,
  field,
  importFailure,
  optionalSdk,
  redactInspection,
  secretsOf,
  withoutSdkMembers,
} from './sdk.js';
import type { Installed } from './sdk-types.js';
import { finishStainless, stainlessOptions } from './stainless.js';
import { vendorApi } from './vendor-api.js';

/** What callers need of Anthropic; a test double needs no more. */
export interface AnthropicClient {
  readonly apiKey: string;
  /** Sends a conversation and gives the model's answer whole. */
  createMessage(params: AnthropicMessageParams): Promise<AnthropicMessage>;
}

/**
 * The client of Anthropic's SDK, with the method that callers had before. Where the package
 * `@anthropic-ai/sdk` is missing, that method works by itself, and the SDK's own members throw
 * `SDK_MISSING`.
 */
export type AnthropicSdkClient = AnthropicClient & Installed<Anthropic>;

/** A conversation. */
export interface AnthropicMessageParams {
  model: string;
  max_tokens: number;
  messages: { role: 'user' | 'assistant'; content: string }[];
  system?: string;
}

/** A model's answer. */
export interface AnthropicMessage {
  id: string;
  type: 'message';
  role: 'assistant';
  content: { type: 'text'; text: string }[];
  model: string;
  stop_reason: string | null;
  usage: { input_tokens: number; output_tokens: number };
}

/** Version of the API that the requests of this package are written for. */
const API_VERSION = '2023-06-01';
/** Milliseconds that an answer may take: models are slow. The SDK's own limit. */
const TIMEOUT_MS = 10 * 60_000;
const SDK_MEMBERS = ['beta', 'completions', 'messages', 'models', 'withOptions'];

/**
 * The tenant's Anthropic client, from the cache or made of what is stored.
 *
 * @returns `null` if Anthropic is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export function getTenantAnthropicClient(tenantId: string): Promise<AnthropicSdkClient | null>;
/** What mocks take this function for. */
export function getTenantAnthropicClient(tenantId: string): Promise<AnthropicClient | null>;
export async function getTenantAnthropicClient(
  this: unknown,
  tenantId: string,
): Promise<AnthropicClient | null> {
  return cachedClient(vaultOf(this), tenantId, 'anthropic', build);
}

/**
 * The tenant's Anthropic client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export function requireTenantAnthropicClient(tenantId: string): Promise<AnthropicSdkClient>;
/** What mocks take this function for. */
export function requireTenantAnthropicClient(tenantId: string): Promise<AnthropicClient>;
export async function requireTenantAnthropicClient(
  this: unknown,
  tenantId: string,
): Promise<AnthropicClient> {
  return requiredClient(getTenantAnthropicClient.call(this, tenantId), 'anthropic', tenantId);
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<AnthropicClient> {
  const endpoint = endpointOf(vault, 'anthropic', credential);
  const refused = refusalOf(vault, tenantId, 'anthropic');
  const found = await optionalSdk(importSdk());
  const finish = (client: AnthropicClient) =>
    redactInspection(client, 'anthropic', tenantId, secretsOf('anthropic', credential));
  return found.sdk
    ? sdkClient(found.sdk, endpoint, credential, refused, finish)
    : finish(
        withoutSdkMembers(plainClient(endpoint, credential, refused), SDK_MEMBERS, found.missing),
      );
}

function sdkClient(
  sdk: typeof import('@anthropic-ai/sdk'),
  endpoint: string,
  credential: TenantCredential,
  refused: Refused,
  finish: (client: AnthropicClient) => AnthropicClient,
): AnthropicClient {
  const client = constructClient(
    'anthropic',
    () =>
      new sdk.Anthropic({
        ...stainlessOptions(endpoint, refused),
        apiKey: field(credential, 'apiKey'),
        baseURL: endpoint,
        // What is left out would come from the environment of the platform.
        authToken: null,
        webhookKey: null,
        openTelemetry: {},
      }),
  );
  return finishStainless(client as Anthropic & { apiKey: string }, (client) =>
    finish(
      defineHidden(client, {
        createMessage: async (params: AnthropicMessageParams) =>
          (await client.messages.create({ ...params, stream: false })) as AnthropicMessage,
      }),
    ),
  );
}

function plainClient(
  endpoint: string,
  credential: TenantCredential,
  refused: Refused,
): AnthropicClient {
  const apiKey = field(credential, 'apiKey');
  const call = vendorApi({
    service: 'anthropic',
    baseUrl: endpoint,
    secret: apiKey,
    headers: { 'x-api-key': apiKey, 'anthropic-version': API_VERSION },
    timeoutMs: TIMEOUT_MS,
    refused,
  });
  return defineHidden(
    {},
    {
      apiKey,
      createMessage: (params: AnthropicMessageParams) =>
        call<AnthropicMessage>({
          method: 'POST',
          path: '/v1/messages',
          body: { ...params, stream: false },
        }),
    },
  );
}

async function importSdk() {
  try {
    return await import('@anthropic-ai/sdk');
  } catch (error) {
    throw importFailure('anthropic', '@anthropic-ai/sdk', error);
  }
}

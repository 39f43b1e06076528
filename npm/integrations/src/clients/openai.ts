import type OpenAI from 'openai';
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

/** What callers need of OpenAI; a test double needs no more. */
export interface OpenAIClient {
  readonly apiKey: string;
  /** Sends a conversation and gives the model's answer whole. */
  createChatCompletion(params: OpenAIChatParams): Promise<OpenAIChatCompletion>;
  /** Embeds text; the model is `text-embedding-3-small` unless given. */
  createEmbedding(input: string | string[], model?: string): Promise<OpenAIEmbedding>;
}

/**
 * The client of OpenAI's SDK, with the methods that callers had before. Where the package `openai` is
 * missing, those methods work by themselves, and the SDK's own members throw `SDK_MISSING`.
 */
export type OpenAISdkClient = OpenAIClient & Installed<OpenAI>;

/** A conversation. */
export interface OpenAIChatParams {
  model: string;
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
  temperature?: number;
  max_tokens?: number;
}

/** A model's answer. */
export interface OpenAIChatCompletion {
  id: string;
  object: 'chat.completion';
  choices: {
    index: number;
    message: { role: string; content: string | null };
    finish_reason: string;
  }[];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** Vectors of a text. */
export interface OpenAIEmbedding {
  object: 'list';
  data: { object: 'embedding'; index: number; embedding: number[] }[];
  model: string;
  usage: { prompt_tokens: number; total_tokens: number };
}

const DEFAULT_EMBEDDING_MODEL = 'text-embedding-3-small';
/** Milliseconds that an answer may take: models are slow. The SDK's own limit. */
const TIMEOUT_MS = 10 * 60_000;
const SDK_MEMBERS = [
  ...['audio', 'batches', 'beta', 'chat', 'completions', 'containers', 'conversations'],
  ...['embeddings', 'evals', 'files', 'fineTuning', 'images', 'models', 'moderations', 'realtime'],
  ...['responses', 'skills', 'uploads', 'vectorStores', 'videos', 'webhooks', 'withOptions'],
];

/**
 * The tenant's OpenAI client, from the cache or made of what is stored.
 *
 * @returns `null` if OpenAI is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export function getTenantOpenAIClient(tenantId: string): Promise<OpenAISdkClient | null>;
/** What mocks take this function for. */
export function getTenantOpenAIClient(tenantId: string): Promise<OpenAIClient | null>;
export async function getTenantOpenAIClient(
  this: unknown,
  tenantId: string,
): Promise<OpenAIClient | null> {
  return cachedClient(vaultOf(this), tenantId, 'openai', build);
}

/**
 * The tenant's OpenAI client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export function requireTenantOpenAIClient(tenantId: string): Promise<OpenAISdkClient>;
/** What mocks take this function for. */
export function requireTenantOpenAIClient(tenantId: string): Promise<OpenAIClient>;
export async function requireTenantOpenAIClient(
  this: unknown,
  tenantId: string,
): Promise<OpenAIClient> {
  return requiredClient(getTenantOpenAIClient.call(this, tenantId), 'openai', tenantId);
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<OpenAIClient> {
  const endpoint = endpointOf(vault, 'openai', credential);
  const refused = refusalOf(vault, tenantId, 'openai');
  const found = await optionalSdk(importSdk());
  const finish = (client: OpenAIClient) =>
    redactInspection(client, 'openai', tenantId, secretsOf('openai', credential));
  return found.sdk
    ? sdkClient(found.sdk, endpoint, credential, refused, finish)
    : finish(
        withoutSdkMembers(plainClient(endpoint, credential, refused), SDK_MEMBERS, found.missing),
      );
}

function sdkClient(
  sdk: typeof import('openai'),
  endpoint: string,
  credential: TenantCredential,
  refused: Refused,
  finish: (client: OpenAIClient) => OpenAIClient,
): OpenAIClient {
  const client = constructClient(
    'openai',
    () =>
      new sdk.OpenAI({
        ...stainlessOptions(endpoint, refused),
        apiKey: field(credential, 'apiKey'),
        baseURL: `${endpoint}/v1`,
        organization: credential.values['metadata.organization'] ?? null,
        project: credential.values['metadata.project'] ?? null,
        // What is left out would come from the environment of the platform.
        adminAPIKey: null,
        webhookSecret: null,
      }),
  );
  return finishStainless(client as OpenAI & { apiKey: string }, (client) =>
    finish(
      defineHidden(client, {
        createChatCompletion: async (params: OpenAIChatParams) =>
          (await client.chat.completions.create({
            ...params,
            stream: false,
          })) as OpenAIChatCompletion,
        createEmbedding: async (input: string | string[], model = DEFAULT_EMBEDDING_MODEL) =>
          (await client.embeddings.create({ input, model })) as OpenAIEmbedding,
      }),
    ),
  );
}

function plainClient(
  endpoint: string,
  credential: TenantCredential,
  refused: Refused,
): OpenAIClient {
  const apiKey = field(credential, 'apiKey');
  const organization = credential.values['metadata.organization'];
  const project = credential.values['metadata.project'];
  const call = vendorApi({
    service: 'openai',
    baseUrl: endpoint,
    secret: apiKey,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(organization && { 'openai-organization': organization }),
      ...(project && { 'openai-project': project }),
    },
    timeoutMs: TIMEOUT_MS,
    refused,
    // A restricted key gets the status of a wrong one.
    codeOf: (status, answer) =>
      status === 401 && /missing scopes/i.test(answer) ? 'PERMISSION_MISSING' : undefined,
  });
  return defineHidden(
    {},
    {
      apiKey,
      createChatCompletion: (params: OpenAIChatParams) =>
        call<OpenAIChatCompletion>({
          method: 'POST',
          path: '/v1/chat/completions',
          body: { ...params, stream: false },
        }),
      createEmbedding: (input: string | string[], model = DEFAULT_EMBEDDING_MODEL) =>
        call<OpenAIEmbedding>({ method: 'POST', path: '/v1/embeddings', body: { input, model } }),
    },
  );
}

async function importSdk() {
  try {
    return await import('openai');
  } catch (error) {
    throw importFailure('openai', 'openai', error);
  }
}

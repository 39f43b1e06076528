import type OpenAI from 'openai';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, opaque, stored, withMembers } from './sdk.js';

/** The client of OpenAI's SDK, with the methods that callers had before. */
export type OpenAIClient = OpenAI & {
  /** Sends a conversation and gives the model's answer whole. */
  createChatCompletion(params: OpenAIChatParams): Promise<OpenAIChatCompletion>;
  /** Embeds text; the model is `text-embedding-3-small` unless given. */
  createEmbedding(input: string | string[], model?: string): Promise<OpenAIEmbedding>;
};

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

/** The tenant's OpenAI client, or `null` if OpenAI is not configured. */
export async function getTenantOpenAIClient(tenantId: string): Promise<OpenAIClient | null> {
  return cachedClient(tenantId, 'openai', build);
}

/** The tenant's OpenAI client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantOpenAIClient(tenantId: string): Promise<OpenAIClient> {
  return requiredClient(getTenantOpenAIClient(tenantId), 'openai', tenantId);
}

async function build(credential: TenantCredential, tenantId: string): Promise<OpenAIClient> {
  const sdk = await importSdk();
  const client = construct(
    'openai',
    () =>
      new sdk.OpenAI({
        apiKey: stored(credential, 'apiKey'),
        baseURL: `${endpointOf('openai')}/v1`,
        // What is left out would come from the environment of the platform.
        adminAPIKey: null,
        organization: null,
        project: null,
        webhookSecret: null,
      }),
  );
  const complete = withMembers(client, {
    createChatCompletion: async (params: OpenAIChatParams) =>
      (await client.chat.completions.create({ ...params, stream: false })) as OpenAIChatCompletion,
    createEmbedding: async (input: string | string[], model = 'text-embedding-3-small') =>
      (await client.embeddings.create({ input, model })) as OpenAIEmbedding,
  });
  return opaque(complete, 'openai', tenantId);
}

async function importSdk() {
  try {
    return await import('openai');
  } catch (error) {
    throw importFailure('openai', 'openai', error);
  }
}

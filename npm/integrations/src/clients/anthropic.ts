import type Anthropic from '@anthropic-ai/sdk';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, opaque, stored, withMembers } from './sdk.js';

/** The client of Anthropic's SDK, with the method that callers had before. */
export type AnthropicClient = Anthropic & {
  readonly apiKey: string;
  /** Sends a conversation and gives the model's answer whole. */
  createMessage(params: AnthropicMessageParams): Promise<AnthropicMessage>;
};

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

/** The tenant's Anthropic client, or `null` if Anthropic is not configured. */
export async function getTenantAnthropicClient(tenantId: string): Promise<AnthropicClient | null> {
  return cachedClient(tenantId, 'anthropic', build);
}

/** The tenant's Anthropic client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantAnthropicClient(tenantId: string): Promise<AnthropicClient> {
  return requiredClient(getTenantAnthropicClient(tenantId), 'anthropic', tenantId);
}

async function build(credential: TenantCredential, tenantId: string): Promise<AnthropicClient> {
  const sdk = await importSdk();
  const client = construct(
    'anthropic',
    () =>
      new sdk.Anthropic({
        apiKey: stored(credential, 'apiKey'),
        baseURL: endpointOf('anthropic'),
        // What is left out would come from the environment of the platform.
        authToken: null,
        webhookKey: null,
      }),
  ) as Anthropic & { apiKey: string };
  const complete = withMembers(client, {
    createMessage: async (params: AnthropicMessageParams) =>
      (await client.messages.create({ ...params, stream: false })) as AnthropicMessage,
  });
  return opaque(complete, 'anthropic', tenantId);
}

async function importSdk() {
  try {
    return await import('@anthropic-ai/sdk');
  } catch (error) {
    throw importFailure('anthropic', '@anthropic-ai/sdk', error);
  }
}

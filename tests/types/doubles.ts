// Test doubles, mocks, narrowings and assignments as callers have written them for the clients of
// contract section 6. It is checked by the compiler and never run.

import type Anthropic from '@anthropic-ai/sdk';
import type {
  AnthropicClient,
  AssemblyAIClient,
  AssemblyAITranscribeOptions,
  EasyPostClient,
  EasyPostTracker,
  MuxClient,
  OpenAIClient,
  WiseClient,
} from '@cgk-platform/integrations';
import * as vault from '@cgk-platform/integrations';
import type EasyPost from '@easypost/api';
import { jest } from '@jest/globals';
import type Mux from '@mux/mux-node';
import type { AssemblyAI } from 'assemblyai';
import type Mux9 from 'mux-node-9';
import type OpenAI from 'openai';

/** Object literals with what the contract says, and nothing of an SDK. */
export const anthropic: AnthropicClient = {
  apiKey: 'x',
  createMessage: async ({ model }) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: 'Hello' }],
    model,
    stop_reason: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  }),
};
export const openai: OpenAIClient = {
  apiKey: 'x',
  createChatCompletion: async () => ({
    id: 'chat_1',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  }),
  createEmbedding: async (input, model = 'text-embedding-3-small') => ({
    object: 'list',
    data: [{ object: 'embedding', index: input.length, embedding: [0.5] }],
    model,
    usage: { prompt_tokens: 1, total_tokens: 1 },
  }),
};
export const assemblyai: AssemblyAIClient = {
  apiKey: 'x',
  transcribe: async (audioUrl: string) => ({ id: audioUrl, status: 'queued' }),
  getTranscript: async (id) => ({ id, status: 'completed', text: 'Hello' }),
};
const tracker = { id: 'trk_1', status: 'delivered' } as EasyPostTracker;
export const easypost: EasyPostClient = {
  apiKey: 'x',
  createTracker: async () => tracker,
  getTracker: async () => tracker,
  trackShipment: async (code, carrier) => ({ ...tracker, tracking_code: code, carrier }),
};
export const mux: MuxClient = {
  video: {
    assets: {
      create: async () => ({ id: 'asset_1', status: 'preparing' as const }),
      retrieve: async (id) => ({ id, playback_ids: [{ id: 'p', policy: 'public' }] }),
      delete: async () => undefined,
    },
    uploads: { create: async () => ({ id: 'upload_1', url: 'https://example.com' }) },
  },
};

const unused = async () => {
  throw new Error('Not used');
};
export const wise: WiseClient = {
  profileId: '1',
  sandboxMode: true,
  get: unused,
  post: unused,
  getBalances: async () => [],
  getProfiles: async () => [],
  createQuote: unused,
  createRecipient: unused,
  createTransfer: unused,
  fundTransfer: async () => ({ type: 'BALANCE', status: 'COMPLETED' }),
};

/** A class instead of a literal. */
export class FakeAssemblyAI implements AssemblyAIClient {
  readonly apiKey = 'x';
  async transcribe(_url: string, options: AssemblyAITranscribeOptions = {}) {
    return { id: options.language_code ?? 'id', status: 'queued' as const };
  }
  async getTranscript(id: string) {
    return { id, status: 'error' as const, error: 'broken' };
  }
}

/** Mocks of the functions: a double is all they need to give. */
export function mocks(): void {
  jest.mocked(vault.getTenantAnthropicClient).mockResolvedValue(anthropic);
  jest.mocked(vault.getTenantAnthropicClient).mockResolvedValue(null);
  jest.mocked(vault.requireTenantOpenAIClient).mockResolvedValueOnce(openai);
  jest.mocked(vault.getTenantAssemblyAIClient).mockResolvedValue(new FakeAssemblyAI());
  jest.mocked(vault.getTenantEasyPostClient).mockResolvedValue(easypost);
  jest.mocked(vault.requireTenantMuxClient).mockResolvedValue(mux);
  jest.spyOn(vault, 'getTenantMuxClient').mockResolvedValue(mux);
  jest.fn<(tenantId: string) => Promise<MuxClient | null>>().mockResolvedValue(mux);
  jest.mocked(anthropic.createMessage).mockRejectedValue(new Error('Overloaded'));
  jest.mocked(vault.getTenantWiseClient).mockResolvedValue(wise);
  jest.mocked(vault.isValidEncryptionKey).mockReturnValue(true);
}

/** What takes a client takes a double and the real one. */
export async function assignments(tenantId: string): Promise<void> {
  let client: AnthropicClient | null = await vault.getTenantAnthropicClient(tenantId);
  client = anthropic;
  client = null;
  const get: (tenantId: string) => Promise<OpenAIClient | null> = vault.getTenantOpenAIClient;
  const getters: Record<string, (tenantId: string) => Promise<object | null>> = {
    mux: vault.getTenantMuxClient,
    easypost: vault.getTenantEasyPostClient,
  };
  const found: Awaited<ReturnType<typeof vault.getTenantMuxClient>> = mux;
  const stored = new Map<string, AssemblyAIClient>();
  stored.set(tenantId, await vault.requireTenantAssemblyAIClient(tenantId));
  stored.set(tenantId, assemblyai);
  void [client, get, getters, found];
}

/** With an SDK installed the client is the SDK's, and says so. */
export async function sdks(tenantId: string): Promise<unknown[]> {
  const anthropic: Anthropic = await vault.requireTenantAnthropicClient(tenantId);
  const openai: OpenAI = await vault.requireTenantOpenAIClient(tenantId);
  const assemblyai: AssemblyAI = await vault.requireTenantAssemblyAIClient(tenantId);
  const easypost: InstanceType<typeof EasyPost> = await vault.requireTenantEasyPostClient(tenantId);
  const mux: Mux = await vault.requireTenantMuxClient(tenantId);
  const models = (await vault.getTenantOpenAIClient(tenantId))?.models.list();
  const streamed = (await vault.requireTenantAnthropicClient(tenantId)).messages.stream;
  return [anthropic, openai, assemblyai, easypost, mux, models, streamed];
}

/** The SDKs of all majors fit what callers need of Mux. */
export const muxes = (current: Mux, oldest: Mux9): MuxClient[] => [current, oldest];

/** Narrowings: a client or none; a key of any type. */
export async function narrowings(tenantId: string, key: string | undefined): Promise<string> {
  const client = await vault.getTenantAnthropicClient(tenantId);
  if (!client) {
    return 'none';
  }
  const { apiKey, createMessage } = client;
  if (vault.isValidEncryptionKey(key)) {
    // It gives a boolean and says nothing of the type.
    const same: string | undefined = key;
    return `${same}${apiKey}${createMessage.name}`;
  }
  // In the other branch the key is what it was.
  return key?.toUpperCase() ?? '';
}

/** Options of today's API, and of the API as the contract has them. */
export const options: AssemblyAITranscribeOptions[] = [
  { language_code: 'en', speaker_labels: true, auto_chapters: true, entity_detection: true },
  { language_detection: true, speech_models: ['universal-3-pro'], punctuate: true },
  { format_text: false, keyterms_prompt: ['rawdog'], webhook_url: 'https://example.com' },
];

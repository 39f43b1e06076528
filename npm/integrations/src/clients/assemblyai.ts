import type { AssemblyAI } from 'assemblyai';
import { endpointOf } from '../services.js';
import type { TenantCredential } from '../types.js';
import { cachedClient, requiredClient } from './cache.js';
import { construct, importFailure, opaque, stored, withMembers } from './sdk.js';

/** The client of AssemblyAI's SDK, with the methods that callers had before. */
export type AssemblyAIClient = AssemblyAI & {
  readonly apiKey: string;
  /** Submits an audio file and does not wait for its transcript. */
  transcribe(
    audioUrl: string,
    options?: AssemblyAITranscribeOptions,
  ): Promise<AssemblyAITranscript>;
  /** A transcript as it is now. */
  getTranscript(id: string): Promise<AssemblyAITranscript>;
};

/** What can be asked for besides the text. */
export interface AssemblyAITranscribeOptions {
  language_code?: string;
  speaker_labels?: boolean;
  auto_chapters?: boolean;
  entity_detection?: boolean;
}

/** A transcript, finished or not. */
export interface AssemblyAITranscript {
  id: string;
  status: 'queued' | 'processing' | 'completed' | 'error';
  text?: string;
  error?: string;
  words?: { text: string; start: number; end: number; confidence: number }[];
  utterances?: { speaker: string; text: string; start: number; end: number }[];
}

/** The tenant's AssemblyAI client, or `null` if AssemblyAI is not configured. */
export async function getTenantAssemblyAIClient(
  tenantId: string,
): Promise<AssemblyAIClient | null> {
  return cachedClient(tenantId, 'assemblyai', build);
}

/** The tenant's AssemblyAI client. Rejects with `NOT_CONFIGURED` if there is none. */
export async function requireTenantAssemblyAIClient(tenantId: string): Promise<AssemblyAIClient> {
  return requiredClient(getTenantAssemblyAIClient(tenantId), 'assemblyai', tenantId);
}

async function build(credential: TenantCredential, tenantId: string): Promise<AssemblyAIClient> {
  const sdk = await importSdk();
  const apiKey = stored(credential, 'apiKey');
  const client = construct(
    'assemblyai',
    () => new sdk.AssemblyAI({ apiKey, baseUrl: endpointOf('assemblyai') }),
  );
  const complete: AssemblyAIClient = withMembers(client, {
    apiKey,
    transcribe: async (audioUrl: string, options?: AssemblyAITranscribeOptions) =>
      (await client.transcripts.submit({
        ...options,
        audio: audioUrl,
      } as never)) as unknown as AssemblyAITranscript,
    getTranscript: async (id: string) =>
      (await client.transcripts.get(id)) as unknown as AssemblyAITranscript,
  });
  return opaque(complete, 'assemblyai', tenantId);
}

async function importSdk() {
  try {
    return await import('assemblyai');
  } catch (error) {
    throw importFailure('assemblyai', 'assemblyai', error);
  }
}

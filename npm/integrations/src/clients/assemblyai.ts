import type { AssemblyAI } from 'assemblyai';
import { vaultOf } from '../backend/default-vault.js';
import type { Vault } from '../backend/vault.js';
import { integrationError } from '../errors.js';
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
import { vendorApi } from './vendor-api.js';
import { isRedirect } from './vendor-fetch.js';

/** What callers need of AssemblyAI; a test double needs no more. */
export interface AssemblyAIClient {
  readonly apiKey: string;
  /**
   * Submits an audio file and does not wait for its transcript. Takes an `http:` or `https:` URL
   * only, and rejects with `INPUT_INVALID` for anything else, such as a path of the server's.
   */
  transcribe(
    audioUrl: string,
    options?: AssemblyAITranscribeOptions,
  ): Promise<AssemblyAITranscript>;
  /** A transcript as it is now. */
  getTranscript(id: string): Promise<AssemblyAITranscript>;
}

/**
 * The client of AssemblyAI's SDK, with the methods that callers had before. Where the package
 * `assemblyai` is missing or does not run, those methods work by themselves, and the SDK's own members
 * throw `SDK_MISSING` or `SDK_UNSUPPORTED`.
 */
export type AssemblyAISdkClient = AssemblyAIClient & Installed<AssemblyAI>;

/** What can be asked for besides the text: the parameters of AssemblyAI's API. */
export interface AssemblyAITranscribeOptions {
  language_code?: string | null;
  language_detection?: boolean;
  language_detection_options?: {
    expected_languages?: string[] | null;
    fallback_language?: string | null;
    code_switching?: boolean | null;
    code_switching_confidence_threshold?: number | null;
    on_no_speech_detected?: 'error' | 'fallback';
  } | null;
  language_confidence_threshold?: number;
  /** Models in the order of preference. */
  speech_models?: string[] | null;
  /** Superseded by `speech_models`. */
  speech_model?: string | null;
  /** Instructions for models that take a prompt. */
  prompt?: string;
  keyterms_prompt?: string[];
  temperature?: number | null;
  domain?: string | null;
  punctuate?: boolean;
  format_text?: boolean;
  disfluencies?: boolean;
  filter_profanity?: boolean;
  remove_audio_tags?: string | null;
  multichannel?: boolean;
  dual_channel?: boolean;
  speaker_labels?: boolean;
  speakers_expected?: number | null;
  speaker_options?: {
    min_speakers_expected?: number | null;
    max_speakers_expected?: number | null;
  } | null;
  /** Milliseconds from the beginning. */
  audio_start_from?: number;
  /** Milliseconds from the beginning. */
  audio_end_at?: number;
  speech_threshold?: number | null;
  auto_chapters?: boolean;
  auto_highlights?: boolean;
  entity_detection?: boolean;
  sentiment_analysis?: boolean;
  iab_categories?: boolean;
  content_safety?: boolean;
  content_safety_confidence?: number;
  custom_topics?: boolean;
  topics?: string[];
  summarization?: boolean;
  summary_model?: 'informative' | 'conversational' | 'catchy';
  summary_type?: 'bullets' | 'bullets_verbose' | 'gist' | 'headline' | 'paragraph';
  custom_spelling?: { from: string[]; to: string }[];
  word_boost?: string[];
  boost_param?: 'low' | 'default' | 'high';
  redact_pii?: boolean;
  redact_pii_policies?: string[];
  redact_pii_sub?: 'entity_name' | 'hash' | null;
  redact_pii_audio?: boolean;
  redact_pii_audio_quality?: 'mp3' | 'wav';
  redact_pii_return_unredacted?: boolean;
  speech_understanding?: object;
  /** Where AssemblyAI reports that the transcript is finished. */
  webhook_url?: string;
  webhook_auth_header_name?: string | null;
  webhook_auth_header_value?: string | null;
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

/** Milliseconds that an answer may take; nothing waits for a transcript. */
const TIMEOUT_MS = 60_000;
const SDK_MEMBERS = [
  ...['dictation', 'files', 'lemur', 'llmGateway', 'realtime', 'streaming', 'sync', 'transcripts'],
];

/**
 * The tenant's AssemblyAI client, from the cache or made of what is stored.
 *
 * @returns `null` if AssemblyAI is not configured
 * @throws `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`, `DECRYPTION_FAILED`, `TOKEN_FORMAT`,
 *   `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export function getTenantAssemblyAIClient(tenantId: string): Promise<AssemblyAISdkClient | null>;
/** What mocks take this function for. */
export function getTenantAssemblyAIClient(tenantId: string): Promise<AssemblyAIClient | null>;
export async function getTenantAssemblyAIClient(
  this: unknown,
  tenantId: string,
): Promise<AssemblyAIClient | null> {
  return cachedClient(vaultOf(this), tenantId, 'assemblyai', build);
}

/**
 * The tenant's AssemblyAI client, from the cache or made of what is stored.
 *
 * @returns the client
 * @throws `NOT_CONFIGURED` if there is none, `TENANT_INVALID`, `TENANT_NOT_FOUND`, `KEY_MISSING`,
 *   `DECRYPTION_FAILED`, `TOKEN_FORMAT`, `CREDENTIAL_INCOMPLETE`, `CLIENT_FAILED`, `DATABASE_…`
 */
export function requireTenantAssemblyAIClient(tenantId: string): Promise<AssemblyAISdkClient>;
/** What mocks take this function for. */
export function requireTenantAssemblyAIClient(tenantId: string): Promise<AssemblyAIClient>;
export async function requireTenantAssemblyAIClient(
  this: unknown,
  tenantId: string,
): Promise<AssemblyAIClient> {
  return requiredClient(getTenantAssemblyAIClient.call(this, tenantId), 'assemblyai', tenantId);
}

async function build(
  vault: Vault,
  tenantId: string,
  credential: TenantCredential,
): Promise<AssemblyAIClient> {
  const endpoint = endpointOf(vault, 'assemblyai', credential);
  const refused = refusalOf(vault, tenantId, 'assemblyai');
  const found = await optionalSdk(importSdk());
  const client = found.sdk
    ? sdkClient(found.sdk, endpoint, credential, refused)
    : withoutSdkMembers(plainClient(endpoint, credential, refused), SDK_MEMBERS, found.missing);
  return redactInspection(client, 'assemblyai', tenantId, secretsOf('assemblyai', credential));
}

function sdkClient(
  sdk: typeof import('assemblyai'),
  endpoint: string,
  credential: TenantCredential,
  refused: Refused,
): AssemblyAIClient {
  const apiKey = field(credential, 'apiKey');
  const client = constructClient(
    'assemblyai',
    () => new sdk.AssemblyAI({ apiKey, baseUrl: endpoint, ...otherHosts(endpoint) }),
  );
  guardServices(client, new URL(endpoint).origin, refused);
  return defineHidden(client, {
    apiKey,
    transcribe: async (audioUrl: string, options?: AssemblyAITranscribeOptions) =>
      (await client.transcripts.submit(
        submission(audioUrl, options) as never,
      )) as unknown as AssemblyAITranscript,
    getTranscript: async (id: string) =>
      (await client.transcripts.get(encodeURIComponent(id))) as unknown as AssemblyAITranscript,
  });
}

function plainClient(
  endpoint: string,
  credential: TenantCredential,
  refused: Refused,
): AssemblyAIClient {
  const apiKey = field(credential, 'apiKey');
  const call = vendorApi({
    service: 'assemblyai',
    baseUrl: endpoint,
    secret: apiKey,
    headers: { authorization: apiKey },
    timeoutMs: TIMEOUT_MS,
    refused,
  });
  return defineHidden(
    {},
    {
      apiKey,
      transcribe: async (audioUrl: string, options?: AssemblyAITranscribeOptions) =>
        call<AssemblyAITranscript>({
          method: 'POST',
          path: '/v2/transcript',
          body: submission(audioUrl, options),
        }),
      getTranscript: async (id: string) =>
        call<AssemblyAITranscript>({
          method: 'GET',
          path: `/v2/transcript/${encodeURIComponent(id)}`,
        }),
    },
  );
}

/**
 * What is submitted. The SDK would read a file of the server's where it finds `audio`, or a URL that
 * is none; so there is no `audio`, and the URL is looked at.
 */
function submission(audioUrl: unknown, options: AssemblyAITranscribeOptions = {}): object {
  const isUrl = typeof audioUrl === 'string' && URL.canParse(audioUrl);
  if (!isUrl || !['http:', 'https:'].includes(new URL(audioUrl).protocol)) {
    throw integrationError('INPUT_INVALID', 'transcribe: the audio must be an http or https URL');
  }
  const { audio: _, ...rest } = options as { audio?: unknown };
  return { ...rest, audio_url: new URL(audioUrl).href };
}

/** Its other products have hosts of their own, in the same data zone: `sync.eu.assemblyai.com`. */
function otherHosts(baseUrl: string) {
  const host = (product: string) => baseUrl.replace('://api.', `://${product}.`);
  return {
    streamingBaseUrl: host('streaming'),
    syncBaseUrl: host('sync'),
    dictationBaseUrl: host('dictation'),
    llmGatewayBaseUrl: host('llm-gateway'),
  };
}

/**
 * The SDK takes a string that is no URL for a file of the server's and uploads it to the tenant's
 * account; it takes a full URL in the place of a path, and sends the key there. Neither happens here.
 */
function guardServices(client: AssemblyAI, origin: string, refused: Refused): void {
  const { files, sync, dictation } = client as Partial<AssemblyAI>;
  guardInput(files, 'upload');
  guardInput(sync, 'transcribe');
  guardInput(dictation, 'transcribeLive');
  for (const service of Object.values(client)) {
    guardRequests(service, origin, refused);
  }
}

function guardInput(service: object | undefined, name: string): void {
  const inner = service as Record<string, (...args: unknown[]) => Promise<unknown>> | undefined;
  const call = inner?.[name]?.bind(inner);
  if (inner && call) {
    inner[name] = async (input, ...rest) => {
      if (typeof input === 'string' && !/^(https?:\/\/|data:)/.test(input)) {
        throw integrationError(
          'INPUT_INVALID',
          `${name}: pass the content of a file, not its path`,
        );
      }
      return call(input, ...rest);
    };
  }
}

/** What the services of the SDK have within. */
interface Service {
  params?: { baseUrl?: string };
  fetch?: Send;
  /** Only in newer releases, where `fetch` calls it. */
  fetchResponse?: Send;
}

type Send = (input: string, init?: RequestInit) => Promise<Response>;

function guardRequests(service: object, vendor: string, refused: Refused): void {
  const inner = service as Service;
  // Some services have a host of their own.
  const origin = new URL(inner.params?.baseUrl ?? vendor).origin;
  const name = inner.fetchResponse ? 'fetchResponse' : 'fetch';
  const send = inner[name]?.bind(service);
  if (send) {
    inner[name] = async (input, init) => {
      if (/^https?:/i.test(input) && new URL(input).origin !== origin) {
        throw new TypeError(`The request is for another host than ${origin}: the key stays there`);
      }
      const response = await send(input, { ...init, redirect: 'manual' }).catch((error) => {
        // Older releases make an error of the answer, without its status.
        if (/^Authentication error/.test((error as Error).message)) {
          refused();
        }
        throw error;
      });
      if (response.status === 401) {
        refused();
      }
      if (isRedirect(response.status)) {
        throw integrationError('VENDOR_ANSWER_UNEXPECTED', 'AssemblyAI redirected the request');
      }
      return response;
    };
  }
}

async function importSdk() {
  try {
    return await import('assemblyai');
  } catch (error) {
    throw importFailure('assemblyai', 'assemblyai', error);
  }
}

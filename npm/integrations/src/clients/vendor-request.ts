import { ownProperties } from '../own-properties.js';

/** What came back from a vendor, or why nothing did. */
export type VendorResponse =
  | { failure: 'timeout' | 'network' }
  | {
      failure?: undefined;
      status: number;
      /** Names in lower case. */
      headers: Record<string, string>;
      body: string;
      retryAfterSeconds?: number;
    };

/** Bytes of a body that are read unless more are asked for; no verification comes near. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/**
 * Sends one request and never rejects. A redirect is an answer and is not followed: credentials stay
 * with the host they are meant for.
 */
export async function sendToVendor(
  url: string,
  init: { method?: string; headers: Record<string, string>; body?: string },
  timeoutMs: number,
  maxBodyBytes = MAX_BODY_BYTES,
): Promise<VendorResponse> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const { signal } = controller;
    // Nothing is inherited where an option is left out.
    const own = ownProperties<RequestInit>({ ...init, redirect: 'manual', signal });
    const response = await fetch(url, own);
    const retryAfterSeconds = secondsUntil(response.headers.get('retry-after'));
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await readText(response, maxBodyBytes),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
  } catch {
    return { failure: controller.signal.aborted ? 'timeout' : 'network' };
  } finally {
    clearTimeout(timer);
  }
}

async function readText(response: Response, maxBodyBytes: number): Promise<string> {
  if (!response.body) {
    return '';
  }
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = '';
  for (let bytes = 0; bytes < maxBodyBytes; ) {
    const { done, value } = await reader.read();
    if (done) {
      return text + decoder.decode();
    }
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

/** Reads `Retry-After` (RFC 9110, section 10.2.3): seconds or a date. */
function secondsUntil(retryAfter: string | null): number | undefined {
  if (!retryAfter) {
    return undefined;
  }
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 86_400) : undefined;
}

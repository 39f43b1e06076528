import { inTime } from '../in-time.js';
import { HttpError } from './error.js';

/** Bytes of a body at most: 128 KiB. */
const MAX_BODY_BYTES = 128 * 1024;

/** The JSON object that a request brings, all of it within `timeoutMs`. */
export async function readObject(
  request: Request,
  timeoutMs: number,
): Promise<Record<string, unknown>> {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new HttpError(415, 'Send the input as application/json');
  }
  const value = parse(await readBytes(request, timeoutMs));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(422, 'The body must be a JSON object');
  }
  return value as Record<string, unknown>;
}

async function readBytes(request: Request, timeoutMs: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) {
    throw tooLarge();
  }
  const reader = request.body?.getReader();
  if (!reader) {
    return new Uint8Array();
  }
  // For the whole body: a limit between two pieces would let one byte at a time go on for ever.
  try {
    return await inTime(() => readAll(reader), timeoutMs, tooSlow);
  } catch (error) {
    // Not awaited: a sender who does not send need not answer to this either.
    reader.cancel().catch(() => {});
    throw error;
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return join(chunks, length);
    }
    length += value.byteLength;
    // What a header says of the length may be missing or a lie.
    if (length > MAX_BODY_BYTES) {
      throw tooLarge();
    }
    chunks.push(value);
  }
}

function join(chunks: Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.byteLength;
  }
  return bytes;
}

/** The parser's own message would quote the body. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new HttpError(400, 'The body is not valid JSON in UTF-8');
  }
}

function tooLarge(): HttpError {
  return new HttpError(413, 'The body must not be larger than 128 KiB');
}

function tooSlow(): HttpError {
  return new HttpError(408, 'The body took too long to arrive. Send the request again');
}

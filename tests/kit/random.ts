// Random values that a seed decides, and values that are odd on purpose.

const TEXT_PIECES = [
  'sk_live_',
  're_',
  ' ',
  '\t',
  '\n',
  '\0',
  ':',
  ',',
  '=',
  '%',
  "'",
  '"',
  '\\',
  '$1',
  '{}',
  'ü',
  '漢',
  '🔑',
  '\ud800',
  '\udc00',
  '\ufeff',
  '\u2060',
  '\u202e',
  '0',
  'Bearer ',
  '****',
];

const KEYS_OF_OBJECTS = ['__proto__', 'constructor', 'toString', 'length', 'then', 'toJSON', '0'];

export class Random {
  #state: number;

  constructor(seed: string) {
    this.#state = hash(seed);
  }

  /** A number from 0 up to, but not including, 1: the generator that is known as mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but not including, the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** Made of what one of the functions makes. */
  oneOf<T>(...makers: (() => T)[]): T {
    return this.pick(makers)();
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  characters(alphabet: string, length: number): string {
    return Array.from({ length }, () => this.pick([...alphabet])).join('');
  }

  hex(bytes: number): string {
    return this.characters('0123456789abcdef', 2 * bytes);
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** A text with something odd in it. */
  text(most = 8): string {
    return this.list(most, () =>
      this.chance(0.5) ? this.pick(TEXT_PIECES) : this.characters('abcXYZ019_-', 1 + this.below(6)),
    ).join('');
  }

  /** The text with a few of its characters changed, left out, doubled or moved. */
  damaged(text: string): string {
    let result = text;
    for (let changes = 1 + this.below(2); changes > 0; changes -= 1) {
      const at = this.below(result.length + 1);
      const [before, after] = [result.slice(0, at), result.slice(at)];
      result = this.oneOf(
        () => before + this.pick(TEXT_PIECES) + after,
        () => before + after.slice(1),
        () => before + this.characters('0123456789abcdefABCDEF', 1) + after.slice(1),
        () => before + after.slice(0, 1) + after,
        () => after + before,
        () => before,
      );
    }
    return result;
  }

  /** Any JavaScript value; the texts in it come from `text`. */
  value(text: () => string, depth = 3): unknown {
    const plain = [
      () => null,
      () => undefined,
      () => this.chance(0.5),
      () => this.pick([0, -0, 1, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e300]),
      () => text(),
      () => text(),
    ];
    const odd = [
      () => BigInt(this.below(1000)),
      () => Symbol(text()),
      () => () => text(),
      () => new Date(this.below(2) ? Number.NaN : this.below(2 ** 31)),
      () => new Map([[text(), text()]]),
      () => new Set([text()]),
      () => /x/,
      () => new Error(text()),
      () => new Uint8Array(this.below(4)),
      () => Object(text()),
      () => Object(true),
      () => Promise.resolve(text()),
    ];
    const deep = [
      () => this.list(3, () => this.value(text, depth - 1)),
      () => this.object(text, depth - 1),
      () => this.object(text, depth - 1),
    ];
    return this.oneOf<unknown>(
      ...plain,
      ...(this.chance(0.4) ? odd : []),
      ...(depth > 0 ? deep : []),
    );
  }

  /** An object with any properties. */
  object(text: () => string, depth = 2): object {
    const object = Object.create(this.chance(0.8) ? Object.prototype : null);
    for (let properties = this.below(4); properties > 0; properties -= 1) {
      const key = this.chance(0.3) ? this.pick(KEYS_OF_OBJECTS) : text();
      define(object, key, this.value(text, depth));
    }
    return this.chance(0.15) ? this.hostile(object, text) : object;
  }

  /** The object with a member that throws, loops or changes. */
  hostile(object: object, text: () => string): object {
    const fail = (): never => {
      throw new Error(text());
    };
    return this.oneOf<object>(
      () => Object.defineProperty(object, text(), { enumerable: true, get: fail }),
      () => Object.assign(object, { toJSON: fail }),
      () => Object.assign(object, { self: object }),
      () => new Proxy(object, { ownKeys: fail }),
      () => new Proxy(object, { get: fail }),
      () => new Proxy(object, { getOwnPropertyDescriptor: fail }),
      () => Object.freeze(object),
      () => {
        const { proxy, revoke } = Proxy.revocable(object, {});
        revoke();
        return proxy;
      },
    );
  }
}

/** Sets a property, also one that an assignment would take for the prototype. */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

/** FNV-1a. */
function hash(text: string): number {
  let result = 0x811c9dc5;
  for (const byte of Buffer.from(text)) {
    result = Math.imul(result ^ byte, 0x01000193);
  }
  return result;
}

/** The text as UTF-8 can have it: half a surrogate pair becomes U+FFFD. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

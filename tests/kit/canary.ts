// A word in every made-up text, so that it is found where no part of an input may be.

import type { Random } from './random';

const CANARY = 'zQ7canary';

/** A text with something odd and the word in it. */
export function markedText(random: Random): string {
  return random.text(2) + CANARY + random.text(2);
}

/** Throws where the word is in what an error or an answer says. */
export function expectUnmarked(text: string): void {
  if (text.toLowerCase().includes(CANARY.toLowerCase())) {
    throw new Error(`A part of the input is in: ${text}`);
  }
}

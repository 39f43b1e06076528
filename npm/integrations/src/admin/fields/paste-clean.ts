import type { ClipboardEvent } from 'react';
import { cleanPastedText } from '../pasted-text.js';

type TextInput = HTMLInputElement | HTMLTextAreaElement;

/** Takes white space and quotes off what is pasted, at the place where it is pasted. */
export function pasteClean(event: ClipboardEvent<TextInput>): void {
  const pasted = event.clipboardData.getData('text');
  const clean = cleanPastedText(pasted);
  if (clean === pasted) {
    return;
  }
  event.preventDefault();
  const input = event.currentTarget;
  input.setRangeText(clean, input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
  // The form hears of changes by events only.
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

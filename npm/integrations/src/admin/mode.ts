// Some vendors keep a mode apart in which no real money moves. A boolean field of the catalog says
// which one a credential is of, and some keys carry it after their first word: sk_test_…, pk_live_….

import type { CatalogField, CatalogService, FieldMode } from './catalog.js';

/** Anywhere: what is pasted around a key, the server takes off. */
const MODE_OF_KEY = /\b[a-z]+_(test|live)_/;

export interface Mode {
  name: string;
  isLive: boolean;
}

/** The field that holds the mode. */
export type ModeHolder = CatalogField & { readonly mode: FieldMode };

/** The field that holds the mode, for services that have modes. */
export function modeField(service: CatalogService): ModeHolder | undefined {
  return service.fields.find((field): field is ModeHolder => field.mode !== undefined);
}

/** The mode that a value of the field means. */
export function modeOf({ mode }: ModeHolder, value: boolean): Mode {
  const { whenTrue, whenFalse, trueIsLive } = mode;
  return { name: value ? whenTrue : whenFalse, isLive: value === trueIsLive };
}

/** The value of the field that means the mode. */
export function valueOfMode({ mode }: ModeHolder, isLive: boolean): boolean {
  return isLive === mode.trueIsLive;
}

/** What to say where a key is of the other mode than the one that is chosen. */
export function findOtherMode(
  field: CatalogField,
  key: string,
  chosen: Mode,
  stored?: Mode,
): string | undefined {
  if (key === '') {
    const isOther = stored !== undefined && showsMode(field) && stored.isLive !== chosen.isLive;
    return isOther
      ? `The stored key is of ${word(stored)} mode: paste the ${word(chosen)} one.`
      : undefined;
  }
  const ofKey = key.match(MODE_OF_KEY)?.[1];
  return ofKey === undefined || ofKey === word(chosen)
    ? undefined
    : `This is a ${ofKey} key, but ${word(chosen)} mode is chosen.`;
}

/** Whether keys of this field show their mode. */
function showsMode(field: CatalogField): boolean {
  return field.livePlaceholder !== undefined;
}

function word({ isLive }: Mode): string {
  return isLive ? 'live' : 'test';
}

/** The example of the field, as it looks in the mode. */
export function placeholderFor(field: CatalogField, mode?: Mode): string {
  return (mode?.isLive && field.livePlaceholder) || field.placeholder;
}

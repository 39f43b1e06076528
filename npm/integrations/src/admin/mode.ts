// Some vendors keep a mode apart in which no real money moves. A boolean field of the catalog says
// which one a credential is of, and some keys carry it after their first word: sk_test_…, pk_live_….

import type { CatalogField, CatalogService } from './catalog.js';

/** The names of both modes at a vendor. */
interface ModeNames {
  whenTrue: string;
  whenFalse: string;
  /** Whether `true` is the mode in which real money moves. */
  trueIsLive: boolean;
}

const MODES: Record<string, ModeNames> = {
  livemode: { whenTrue: 'Live', whenFalse: 'Test', trueIsLive: true },
  sandboxMode: { whenTrue: 'Sandbox', whenFalse: 'Live', trueIsLive: false },
};

/** Anywhere: what is pasted around a key, the server takes off. */
const MODE_OF_KEY = /\b([a-z]+_)(test|live)_/;

export interface Mode {
  name: string;
  isLive: boolean;
}

/** The field that holds the mode, for services that have modes. */
export function modeField(service: CatalogService): CatalogField | undefined {
  return service.fields.find(
    (field) => field.kind === 'boolean' && Object.hasOwn(MODES, field.name),
  );
}

/** The mode that a value of the field means. */
export function modeOf(field: CatalogField, value: boolean): Mode {
  const { whenTrue, whenFalse, trueIsLive } = MODES[field.name] as ModeNames;
  return { name: value ? whenTrue : whenFalse, isLive: value === trueIsLive };
}

/** The value of the field that means the mode. */
export function valueOfMode(field: CatalogField, isLive: boolean): boolean {
  return isLive === (MODES[field.name] as ModeNames).trueIsLive;
}

/** Whether keys of this field show their mode. */
export function tellsMode(field: CatalogField): boolean {
  return MODE_OF_KEY.test(field.placeholder);
}

/** What to say where a key is of the other mode than the one that is chosen. */
export function findOtherMode(
  field: CatalogField,
  key: string,
  chosen: Mode,
  stored?: Mode,
): string | undefined {
  if (key === '') {
    const isOther = stored !== undefined && tellsMode(field) && stored.isLive !== chosen.isLive;
    return isOther
      ? `The stored key is of ${word(stored)} mode: paste the ${word(chosen)} one.`
      : undefined;
  }
  const ofKey = key.match(MODE_OF_KEY)?.[2];
  return ofKey === undefined || ofKey === word(chosen)
    ? undefined
    : `This is a ${ofKey} key, but ${word(chosen)} mode is chosen.`;
}

function word({ isLive }: Mode): string {
  return isLive ? 'live' : 'test';
}

/** The example of the field, as it looks in the mode. */
export function placeholderFor(field: CatalogField, isLive: boolean): string {
  return field.placeholder.replace(MODE_OF_KEY, `$1${isLive ? 'live' : 'test'}_`);
}

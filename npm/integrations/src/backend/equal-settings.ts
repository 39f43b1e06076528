import type { IntegrationsOptions } from '../types.js';

type Settings = Readonly<Record<string, unknown>>;

/** Whether options mean the same: endpoints by what they say, a driver by being the same one. */
export function areEqualSettings(one: IntegrationsOptions, other: IntegrationsOptions): boolean {
  const { endpoints: oneEndpoints, ...oneRest } = one;
  const { endpoints: otherEndpoints, ...otherRest } = other;
  return haveEqualValues(oneRest, otherRest) && haveEqualValues(oneEndpoints, otherEndpoints);
}

/** A value that is `undefined` is none. */
function haveEqualValues(one: Settings = {}, other: Settings = {}): boolean {
  const names = [...Object.keys(one), ...Object.keys(other)];
  return names.every((name) => own(one, name) === own(other, name));
}

function own(settings: Settings, name: string): unknown {
  return Object.hasOwn(settings, name) ? settings[name] : undefined;
}

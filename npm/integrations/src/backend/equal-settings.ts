import type { IntegrationsOptions } from '../types.js';

/** Whether options mean the same: endpoints and keys by what they say, a driver by being the same one. */
export function areEqualSettings(one: IntegrationsOptions, other: IntegrationsOptions): boolean {
  const { endpoints: oneEndpoints, ...oneRest } = one;
  const { endpoints: otherEndpoints, ...otherRest } = other;
  return haveEqualValues(oneRest, otherRest) && haveEqualValues(oneEndpoints, otherEndpoints);
}

/** Whether objects have equal values, lists by their entries. A value that is `undefined` is none. */
export function haveEqualValues(one: object = {}, other: object = {}): boolean {
  const names = [...Object.keys(one), ...Object.keys(other)];
  return names.every((name) => areEqual(own(one, name), own(other, name)));
}

function areEqual(one: unknown, other: unknown): boolean {
  return Array.isArray(one) && Array.isArray(other)
    ? one.length === other.length && one.every((value, index) => value === other[index])
    : one === other;
}

function own(settings: object, name: string): unknown {
  return Object.hasOwn(settings, name) ? Reflect.get(settings, name) : undefined;
}

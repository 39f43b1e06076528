import { useFormContext } from 'react-hook-form';
import type { CatalogService } from '../catalog.js';
import type { FormValues } from '../form-values.js';
import { type Mode, type ModeHolder, modeField, modeOf, valueOfMode } from '../mode.js';

/** The mode that is chosen in a form, for services that have modes. */
export interface ChosenMode {
  field: ModeHolder;
  current: Mode;
  other: Mode;
  choose: (isLive: boolean) => void;
}

export function useMode(service: CatalogService): ChosenMode | undefined {
  const { watch, setValue, clearErrors } = useFormContext<FormValues>();
  const field = modeField(service);
  const path = `values.${field?.name ?? ''}` as const;
  const value = watch(path) === true;
  if (!field) {
    return undefined;
  }
  return {
    field,
    current: modeOf(field, value),
    other: modeOf(field, !value),
    choose(isLive) {
      setValue(path, valueOfMode(field, isLive), { shouldDirty: true });
      // What was wrong in one mode may be right in the other.
      clearErrors();
    },
  };
}

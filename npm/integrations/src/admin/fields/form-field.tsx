import { type FieldError, get, useFormContext } from 'react-hook-form';
import type { ServiceStatus } from '../api.js';
import type { CatalogField, CatalogService } from '../catalog.js';
import { type FormValues, findMistake, isStored, storedValue } from '../form-values.js';
import { findOtherMode, modeOf, placeholderFor } from '../mode.js';
import { Button } from '../ui/button.js';
import { ChoiceField } from './choice-field.js';
import { ModeField } from './mode-field.js';
import { SecretField } from './secret-field.js';
import { SwitchField } from './switch-field.js';
import { TextField } from './text-field.js';
import { type ChosenMode, useMode } from './use-mode.js';

interface FormFieldProps {
  service: CatalogService;
  field: CatalogField;
  /** What was stored when the form was opened. */
  status: ServiceStatus | undefined;
}

/** The input of one field of the catalog. */
export function FormField({ service, field, status }: FormFieldProps) {
  const { watch, setValue, formState } = useFormContext<FormValues>();
  const mode = useMode(service);
  const path = `values.${field.name}` as const;
  const value = watch(path);
  const error: FieldError | undefined = get(formState.errors, path);

  if (mode?.field === field) {
    return <ModeField mode={mode} error={error?.message} />;
  }
  if (field.kind === 'boolean') {
    return (
      <SwitchField
        field={field}
        required
        error={error?.message}
        checked={value === true}
        onCheckedChange={(checked) => setValue(path, checked, { shouldDirty: true })}
      />
    );
  }
  return <TypedField field={field} status={status} mode={mode} />;
}

interface TypedFieldProps {
  field: CatalogField;
  status: ServiceStatus | undefined;
  mode: ChosenMode | undefined;
}

/** A field that is typed or pasted. */
function TypedField({ field, status, mode }: TypedFieldProps) {
  const { register, watch, setValue, formState } = useFormContext<FormValues>();
  const path = `values.${field.name}` as const;
  const removal = `removed.${field.name}` as const;
  const stored = isStored(field, status);
  const value = textOf(watch(path));
  // Told while the key is pasted, and not only when the form is sent.
  const otherMode =
    mode && findOtherMode(field, value, mode.current, storedMode(mode, field, status));
  const error: FieldError | undefined = get(formState.errors, path);

  const input = {
    field,
    required: field.required && !stored,
    error: otherMode ?? (error?.type === 'mode' ? undefined : error?.message),
    remedy: otherMode !== undefined && value !== '' && <SwitchMode mode={mode} />,
    placeholder: placeholderFor(field, mode?.current),
    registration: register(path, {
      validate: {
        form: (entered) => findMistake(field, textOf(entered), status),
        mode: () => otherMode,
      },
    }),
  };
  if (field.kind === 'secret') {
    return (
      <SecretField
        {...input}
        stored={stored}
        removed={watch(removal) === true}
        onRemovedChange={(removed) => setValue(removal, removed, { shouldDirty: true })}
      />
    );
  }
  if (field.kind === 'choice') {
    return <ChoiceField {...input} />;
  }
  return <TextField {...input} value={value} />;
}

function SwitchMode({ mode }: { mode: ChosenMode | undefined }) {
  return (
    mode && (
      <Button variant="ghost" onClick={() => mode.choose(mode.other.isLive)}>
        Switch to {mode.other.name.toLowerCase()} mode
      </Button>
    )
  );
}

/** The mode of what is stored in the field. */
function storedMode(mode: ChosenMode, field: CatalogField, status: ServiceStatus | undefined) {
  return isStored(field, status)
    ? modeOf(mode.field, storedValue(mode.field, status) === true)
    : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

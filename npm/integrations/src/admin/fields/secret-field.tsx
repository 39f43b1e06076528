import { Check, Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import type { CatalogField } from '../catalog.js';
import { classNames } from '../ui/class-names.js';
import { Input, TextArea } from '../ui/input.js';
import { FieldFrame, type FieldFrameProps, type InputProps } from './field-frame.js';

interface SecretFieldProps extends Omit<FieldFrameProps, 'children' | 'note' | 'aside'> {
  registration: UseFormRegisterReturn;
  placeholder: string;
  /** Whether one is stored. It is never shown: the server does not send it. */
  stored: boolean;
  /** Whether the stored one is to be removed by the save. */
  removed: boolean;
  onRemovedChange: (removed: boolean) => void;
}

/** A secret: hidden while typed, never shown again. */
export function SecretField(props: SecretFieldProps) {
  const { registration, placeholder, stored, removed, onRemovedChange, ...frame } = props;
  const aside = stored && (
    <Stored field={frame.field} removed={removed} onRemovedChange={onRemovedChange} />
  );
  return (
    <FieldFrame {...frame} aside={aside}>
      {(input) => (
        <SecretInput
          {...input}
          field={frame.field}
          registration={registration}
          placeholder={stored && !removed ? 'Leave blank to keep it' : placeholder}
        />
      )}
    </FieldFrame>
  );
}

interface SecretInputProps extends InputProps {
  field: CatalogField;
  registration: UseFormRegisterReturn;
  placeholder: string;
}

function SecretInput({ field, registration, ...input }: SecretInputProps) {
  const [shown, setShown] = useState(false);
  const shared = {
    ...input,
    ...registration,
    // Browsers heed "off" for no password: they would offer, and fill in, the one of this site.
    autoComplete: 'new-password',
  };
  return (
    <div className="cgk:relative">
      {field.multiline ? (
        <TextArea
          {...shared}
          rows={4}
          className={classNames('cgk:pr-10 cgk:font-mono', !shown && 'cgk-masked')}
        />
      ) : (
        <Input
          {...shared}
          type={shown ? 'text' : 'password'}
          className={classNames('cgk:pr-10', shown && 'cgk:font-mono')}
        />
      )}
      <button
        type="button"
        aria-label={`Show ${field.label}`}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="cgk:absolute cgk:top-1 cgk:right-1 cgk:rounded-sm cgk:p-1.5 cgk:text-muted-foreground cgk:hover:bg-muted cgk:hover:text-foreground"
      >
        {shown ? (
          <EyeOff aria-hidden className="cgk:size-4" />
        ) : (
          <Eye aria-hidden className="cgk:size-4" />
        )}
      </button>
    </div>
  );
}

interface StoredProps {
  field: CatalogField;
  removed: boolean;
  onRemovedChange: (removed: boolean) => void;
}

/** Tells that one is stored; an optional one can be removed. */
function Stored({ field, removed, onRemovedChange }: StoredProps) {
  return (
    <div className="cgk:flex cgk:items-center cgk:gap-3 cgk:text-xs">
      <span
        className={classNames(
          'cgk:flex cgk:items-center cgk:gap-1',
          removed ? 'cgk:text-warning' : 'cgk:text-muted-foreground',
        )}
      >
        {!removed && <Check aria-hidden className="cgk:size-3.5 cgk:text-success" />}
        {removed ? 'Will be removed by saving' : 'Stored'}
      </span>
      {!field.required && (
        <button
          type="button"
          aria-label={`${removed ? 'Keep' : 'Remove'} the stored ${field.label}`}
          onClick={() => onRemovedChange(!removed)}
          className="cgk:rounded-sm cgk:font-medium cgk:text-link cgk:hover:underline"
        >
          {removed ? 'Keep' : 'Remove'}
        </button>
      )}
    </div>
  );
}

import { type ReactNode, useId } from 'react';
import type { CatalogField } from '../catalog.js';

/** What ties an input to its label, hint and error. */
export interface InputProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': true | undefined;
}

export interface FieldFrameProps {
  field: CatalogField;
  /** Whether the user has to enter something. */
  required: boolean;
  error: string | undefined;
  /** A way out of the error. */
  remedy?: ReactNode;
  /** Said besides the hint of the catalog. */
  note?: ReactNode;
  /** Shown at the end of the label's line. */
  aside?: ReactNode;
  children: (props: InputProps) => ReactNode;
}

/** Label, input, hint and error of one field. */
export function FieldFrame({
  field,
  required,
  error,
  remedy,
  note,
  aside,
  children,
}: FieldFrameProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const hasHint = field.hint !== '' || field.url !== undefined || note !== undefined;
  const describedBy = [error && errorId, hasHint && hintId].filter(Boolean).join(' ');
  return (
    <div className="cgk:flex cgk:flex-col cgk:gap-1.5">
      <div className="cgk:flex cgk:flex-wrap cgk:items-center cgk:justify-between cgk:gap-x-3">
        <label htmlFor={id} className="cgk:font-medium">
          {field.label}
          {!field.required && (
            <span className="cgk:ml-2 cgk:text-xs cgk:font-normal cgk:text-muted-foreground">
              optional
            </span>
          )}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-required': required || undefined,
      })}
      <FieldError id={errorId} error={error} remedy={remedy} />
      {hasHint && (
        <div id={hintId} className="cgk:text-xs cgk:text-muted-foreground">
          {note}
          {field.hint !== '' && <p>{field.hint}</p>}
          {field.url !== undefined && <VendorLink url={field.url} />}
        </div>
      )}
    </div>
  );
}

/** Leads to the page of the vendor that shows what to enter. */
function VendorLink({ url }: { url: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="cgk:font-medium cgk:text-link cgk:underline"
    >
      Open {new URL(url).hostname}
    </a>
  );
}

interface FieldErrorProps {
  id: string;
  error: string | undefined;
  remedy?: ReactNode;
}

/** What is wrong with a field; read aloud when it appears. */
export function FieldError({ id, error, remedy }: FieldErrorProps) {
  return (
    <div
      role="alert"
      className="cgk:flex cgk:flex-wrap cgk:items-baseline cgk:gap-x-3 cgk:gap-y-1 cgk:text-[0.8125rem] cgk:empty:hidden"
    >
      {error !== undefined && (
        <p id={id} className="cgk:text-destructive cgk:wrap-anywhere">
          {error}
        </p>
      )}
      {error !== undefined && remedy}
    </div>
  );
}

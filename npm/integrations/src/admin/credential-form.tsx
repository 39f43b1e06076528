import { FlaskConical } from 'lucide-react';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { FormProvider, type UseFormReturn, useForm } from 'react-hook-form';
import { ApiError, type ServiceStatus } from './api.js';
import type { CatalogField, CatalogService } from './catalog.js';
import { useAdmin } from './context.js';
import { describeFailure, type Failure } from './failure.js';
import { FailureNotice } from './failure-notice.js';
import { FormField } from './fields/form-field.js';
import { type FormValues, initialValues, toRequestBody, withSample } from './form-values.js';
import { modeField } from './mode.js';
import { useSave } from './queries.js';
import { Button } from './ui/button.js';

interface CredentialFormProps {
  service: CatalogService;
  status: ServiceStatus | undefined;
  /** Called once what was entered is stored, and the page shows it. */
  onSaved: () => void;
  onCancel: () => void;
  /** Tells whether there is something that would be lost. */
  onDirtyChange?: (dirty: boolean) => void;
  /** Class names of the fields and of the bar with the buttons. */
  classNames?: { body?: string; footer?: string };
}

/** The form that connects or updates a service; the vendor is asked before anything is saved. */
export function CredentialForm(props: CredentialFormProps) {
  const { service, onCancel, onDirtyChange, classNames } = props;
  // What was stored when the form was opened: changes are found by comparing with that.
  const [status] = useState(props.status);
  const form = useForm<FormValues>({
    defaultValues: initialValues(service, status),
    mode: 'onBlur',
    // The first wrong field gets the focus in the order of the form.
    shouldFocusError: false,
  });
  const { submit, isPending, failure } = useSubmit(form, { ...props, status });
  const { isDirty } = form.formState;
  useEffect(() => onDirtyChange?.(isDirty), [isDirty, onDirtyChange]);
  const fields = inFormOrder(service);
  return (
    <FormProvider {...form}>
      <form noValidate autoComplete="off" onSubmit={submit} className="cgk:contents">
        <div className={`cgk:flex cgk:flex-col cgk:gap-5 ${classNames?.body ?? ''}`}>
          <SampleButton service={service} form={form} />
          {fields.map((field) => (
            <FormField key={field.name} service={service} field={field} status={status} />
          ))}
        </div>
        <div className={`cgk:flex cgk:flex-col cgk:gap-3 ${classNames?.footer ?? ''}`}>
          <FailureNotice failure={failure} />
          <div className="cgk:flex cgk:flex-wrap cgk:justify-end cgk:gap-2">
            <Button size="medium" onClick={onCancel}>
              Cancel
            </Button>
            <Button size="medium" variant="primary" type="submit" pending={isPending}>
              {buttonText(service, status, isPending)}
            </Button>
          </div>
        </div>
      </form>
    </FormProvider>
  );
}

function buttonText(
  service: CatalogService,
  status: ServiceStatus | undefined,
  isPending: boolean,
) {
  if (isPending) {
    return `Asking ${service.displayName}…`;
  }
  return status ? 'Verify and save' : 'Verify and connect';
}

function useSubmit(
  form: UseFormReturn<FormValues>,
  { service, status, onSaved }: CredentialFormProps,
) {
  const { announce } = useAdmin();
  const { save, isPending } = useSave(service.id);
  const isSending = useRef(false);
  const [failure, setFailure] = useState<Failure>();

  const send = async (values: FormValues) => {
    const body = toRequestBody(service, values, status);
    if (Object.keys(body).length === 0) {
      setFailure({ message: 'Nothing has been changed yet.', signedOut: false });
      return;
    }
    setFailure(undefined);
    try {
      const { verified } = await save(body);
      announce(outcome(service, verified));
      onSaved();
    } catch (error) {
      setFailure(showFieldErrors(form, service, error));
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // A second click may come before the first one is seen to be under way.
    if (isSending.current) {
      return;
    }
    isSending.current = true;
    try {
      await form.handleSubmit(send, () => focusFirstError(form, service))();
    } finally {
      isSending.current = false;
    }
  };
  return { submit, isPending, failure };
}

function outcome({ displayName }: CatalogService, verified: boolean): string {
  return verified
    ? `${displayName} accepts the credential. It is saved.`
    : `Saved, but ${displayName} gave no clear answer. Verify it again later.`;
}

/** Shows what the server says of single fields there, and gives what is to be said of the whole. */
function showFieldErrors(
  form: UseFormReturn<FormValues>,
  service: CatalogService,
  error: unknown,
): Failure | undefined {
  const errors = error instanceof ApiError ? error.fields : {};
  const wrong = service.fields.filter(({ name }) => Object.hasOwn(errors, name));
  for (const { name } of wrong) {
    form.setError(`values.${name}`, { type: 'server', message: errors[name] ?? '' });
  }
  if (wrong.length === 0) {
    return describeFailure(error, 'What you entered is still here.');
  }
  focusFirstError(form, service);
  return undefined;
}

function focusFirstError(form: UseFormReturn<FormValues>, service: CatalogService) {
  const first = inFormOrder(service).find(
    ({ name }) => form.getFieldState(`values.${name}`).invalid,
  );
  if (first) {
    form.setFocus(`values.${first.name}`);
  }
}

/** The mode comes first: it says which keys are meant. */
function inFormOrder(service: CatalogService): CatalogField[] {
  const mode = modeField(service);
  return [...(mode ? [mode] : []), ...service.fields.filter((field) => field !== mode)];
}

interface SampleButtonProps {
  service: CatalogService;
  form: UseFormReturn<FormValues>;
}

function SampleButton({ service, form }: SampleButtonProps) {
  const { samples } = useAdmin();
  const id = useId();
  const sample = samples[service.id];
  if (!sample) {
    return null;
  }
  const use = () => {
    const filled = withSample(service, form.getValues(), sample);
    form.reset(filled, { keepDefaultValues: true });
  };
  return (
    <div className="cgk:flex cgk:flex-wrap cgk:items-center cgk:gap-x-3 cgk:gap-y-2 cgk:rounded-md cgk:border cgk:border-dashed cgk:border-border cgk:px-3 cgk:py-2.5">
      <p id={id} className="cgk:flex-1 cgk:basis-48 cgk:text-xs cgk:text-muted-foreground">
        Sandbox: a local server fakes {service.displayName}. This key works only there.
      </p>
      <Button aria-describedby={id} onClick={use}>
        <FlaskConical aria-hidden className="cgk:size-4" />
        Use sandbox key
      </Button>
    </div>
  );
}

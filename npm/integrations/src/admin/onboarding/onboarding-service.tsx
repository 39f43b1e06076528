import { useCallback, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ServiceStatus } from '../api.js';
import type { CatalogService } from '../catalog.js';
import { CredentialForm } from '../credential-form.js';
import { ServiceDetails, ServiceError } from '../service-details.js';
import { ServiceHeading } from '../service-heading.js';
import { Button } from '../ui/button.js';

interface OnboardingServiceProps {
  service: CatalogService;
  status: ServiceStatus | undefined;
  /** Said where it is not connected. */
  note: string;
  /** Whether the form is open from the start, where the service is not connected. */
  startsOpen: boolean;
  onDirtyChange: (service: string, dirty: boolean) => void;
}

/** A service in a step: what was saved, or its form. */
export function OnboardingService(props: OnboardingServiceProps) {
  const { service, status, note, startsOpen, onDirtyChange } = props;
  const id = useId();
  const [isOpen, setOpen] = useState(startsOpen && !status);
  const form = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const reportDirty = useCallback(
    (dirty: boolean) => onDirtyChange(service.id, dirty),
    [service.id, onDirtyChange],
  );
  const open = () => {
    // The button that has the focus goes away; the form takes it over.
    flushSync(() => setOpen(true));
    form.current?.querySelector<HTMLElement>('input:not([aria-hidden]), textarea')?.focus();
  };
  const close = () => {
    setOpen(false);
    reportDirty(false);
    heading.current?.focus();
  };
  return (
    <section
      aria-labelledby={id}
      className="cgk:rounded-lg cgk:border cgk:border-border cgk:bg-card cgk:shadow-xs"
    >
      <div className="cgk:flex cgk:flex-wrap cgk:items-center cgk:gap-x-4 cgk:gap-y-3 cgk:px-4 cgk:py-3.5">
        <ServiceHeading
          id={id}
          level={2}
          ref={heading}
          service={service}
          status={status}
          note={note}
        />
        {!isOpen && (
          <Button aria-describedby={id} onClick={open}>
            {status ? 'Change' : 'Connect'}
          </Button>
        )}
      </div>
      {isOpen ? (
        <div ref={form} className="cgk:border-t cgk:border-border">
          <CredentialForm
            service={service}
            status={status}
            onSaved={close}
            onCancel={close}
            onDirtyChange={reportDirty}
            classNames={{
              body: 'cgk:max-w-2xl cgk:px-4 cgk:pt-4',
              footer: 'cgk:max-w-2xl cgk:px-4 cgk:py-4',
            }}
          />
        </div>
      ) : (
        status && (
          <div className="cgk:border-t cgk:border-border cgk:px-4 cgk:py-3.5">
            {status.hasError ? (
              <ServiceError status={status} />
            ) : (
              <ServiceDetails service={service} status={status} />
            )}
          </div>
        )
      )}
    </section>
  );
}

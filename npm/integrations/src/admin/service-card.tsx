import { useId, useRef, useState } from 'react';
import type { ServiceStatus } from './api.js';
import type { CatalogService } from './catalog.js';
import { useAdmin } from './context.js';
import { CredentialDialog } from './credential-dialog.js';
import { DisconnectDialog } from './disconnect-dialog.js';
import { describeFailure } from './failure.js';
import { FailureNotice } from './failure-notice.js';
import { useVerify } from './queries.js';
import { ServiceDetails, ServiceError } from './service-details.js';
import { ServiceHeading } from './service-heading.js';
import { Button } from './ui/button.js';
import { explain, VerificationNotice } from './verification-notice.js';

interface ServiceCardProps {
  service: CatalogService;
  status: ServiceStatus | undefined;
}

/** A service: how it is doing, and what can be done with it. */
export function ServiceCard({ service, status }: ServiceCardProps) {
  const id = useId();
  const [isEditing, setEditing] = useState(false);
  // The one button that is always there: where the focus returns to.
  const editButton = useRef<HTMLButtonElement>(null);
  const { announce } = useAdmin();
  const verification = useVerify(service.id);
  const verify = () =>
    verification.mutate(undefined, {
      onSuccess: (result) =>
        announce(
          explain(service.displayName, result),
          result.status === 'valid' ? 'seen' : 'heard',
        ),
    });
  const edit = () => {
    verification.reset();
    setEditing(true);
  };
  return (
    <section
      aria-labelledby={id}
      className="cgk:rounded-lg cgk:border cgk:border-border cgk:bg-card cgk:shadow-xs"
    >
      <div className="cgk:flex cgk:flex-wrap cgk:items-center cgk:gap-x-4 cgk:gap-y-3 cgk:px-4 cgk:py-3.5">
        <ServiceHeading id={id} level={3} service={service} status={status} />
        <div className="cgk:flex cgk:flex-wrap cgk:items-center cgk:gap-2">
          {status && (
            <Button pending={verification.isPending} onClick={verify} aria-describedby={id}>
              Verify
            </Button>
          )}
          <Button
            ref={editButton}
            variant={status ? 'secondary' : 'primary'}
            onClick={edit}
            aria-describedby={id}
          >
            {status ? 'Update' : 'Connect'}
          </Button>
          {status && <DisconnectDialog service={service} opener={editButton} />}
        </div>
      </div>
      {status && (
        <div className="cgk:flex cgk:flex-col cgk:gap-3 cgk:border-t cgk:border-border cgk:px-4 cgk:py-3.5">
          {status.hasError && <ServiceError status={status} />}
          {verification.data && <VerificationNotice service={service} result={verification.data} />}
          <FailureNotice
            failure={verification.error ? describeFailure(verification.error) : undefined}
          />
          <ServiceDetails service={service} status={status} />
        </div>
      )}
      <CredentialDialog
        service={service}
        status={status}
        opener={editButton}
        open={isEditing}
        onClose={() => setEditing(false)}
      />
    </section>
  );
}

import { type RefObject, useState } from 'react';
import type { CatalogService } from './catalog.js';
import { useAdmin } from './context.js';
import { describeFailure } from './failure.js';
import { FailureNotice } from './failure-notice.js';
import { useDisconnect } from './queries.js';
import { Button } from './ui/button.js';
import { Confirmation, ConfirmationCancel } from './ui/dialog.js';

interface DisconnectDialogProps {
  service: CatalogService;
  opener: RefObject<HTMLElement | null>;
}

/** The button that disconnects a service, with a question before it does. */
export function DisconnectDialog({ service, opener }: DisconnectDialogProps) {
  const { announce } = useAdmin();
  const [open, setOpen] = useState(false);
  const { mutate, isPending, error, reset } = useDisconnect(service.id);
  const close = () => {
    setOpen(false);
    reset();
  };
  const disconnect = () =>
    mutate(undefined, {
      onSuccess: () => {
        close();
        announce(`${service.displayName} is disconnected.`);
      },
    });
  return (
    <>
      <Button variant="quietDanger" onClick={() => setOpen(true)}>
        Disconnect
      </Button>
      <Confirmation
        open={open}
        onClose={close}
        title={`Disconnect ${service.displayName}?`}
        description={`Everything that uses ${service.displayName} stops working for this tenant at once. To connect it again you need the credential again.`}
        opener={opener}
        actions={
          <>
            <ConfirmationCancel asChild>
              <Button size="medium">Cancel</Button>
            </ConfirmationCancel>
            <Button size="medium" variant="danger" pending={isPending} onClick={disconnect}>
              Disconnect
            </Button>
          </>
        }
      >
        <FailureNotice failure={error ? describeFailure(error) : undefined} />
      </Confirmation>
    </>
  );
}

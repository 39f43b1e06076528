import { type RefObject, useState } from 'react';
import type { ServiceStatus } from './api.js';
import type { CatalogService } from './catalog.js';
import { CredentialForm } from './credential-form.js';
import { Button } from './ui/button.js';
import { Dialog } from './ui/dialog.js';

interface CredentialDialogProps {
  service: CatalogService;
  status: ServiceStatus | undefined;
  opener: RefObject<HTMLElement | null>;
  open: boolean;
  onClose: () => void;
}

/** Connects or updates a service. What was entered is not lost by a slip of the hand. */
export function CredentialDialog({
  service,
  status,
  opener,
  open,
  onClose,
}: CredentialDialogProps) {
  const [isDirty, setDirty] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const close = () => {
    setDirty(false);
    setAsking(false);
    onClose();
  };
  const requestClose = () => (isDirty ? setAsking(true) : close());
  return (
    <Dialog
      open={open}
      onClose={requestClose}
      title={`${status ? 'Update' : 'Connect'} ${service.displayName}`}
      description={`${service.displayName} is asked before anything is saved. Secrets are stored encrypted and never shown again.`}
      opener={opener}
    >
      {isAsking && <DiscardQuestion onKeep={() => setAsking(false)} onDiscard={close} />}
      <CredentialForm
        service={service}
        status={status}
        onSaved={close}
        onCancel={requestClose}
        onDirtyChange={setDirty}
        classNames={{
          body: 'cgk:min-h-0 cgk:flex-1 cgk:overflow-y-auto cgk:px-5 cgk:py-5',
          footer: 'cgk:border-t cgk:border-border cgk:px-5 cgk:py-3.5',
        }}
      />
    </Dialog>
  );
}

interface DiscardQuestionProps {
  onKeep: () => void;
  onDiscard: () => void;
}

function DiscardQuestion({ onKeep, onDiscard }: DiscardQuestionProps) {
  return (
    <div
      role="alert"
      className="cgk:flex cgk:flex-wrap cgk:items-center cgk:gap-2 cgk:border-b cgk:border-warning-border cgk:bg-warning-background cgk:px-5 cgk:py-2.5 cgk:text-[0.8125rem] cgk:text-warning-foreground"
    >
      <p className="cgk:flex-1 cgk:basis-48">What you entered is not saved yet.</p>
      <Button autoFocus onClick={onKeep}>
        Keep editing
      </Button>
      <Button variant="quietDanger" onClick={onDiscard}>
        Discard
      </Button>
    </div>
  );
}

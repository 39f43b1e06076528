import { X } from 'lucide-react';
import { AlertDialog as RadixAlertDialog, Dialog as RadixDialog } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';
import { useAdmin } from '../context.js';

const OVERLAY = 'cgk:fixed cgk:inset-0 cgk:z-50 cgk:bg-overlay cgk:animate-appear';
const PANEL =
  'cgk:fixed cgk:z-50 cgk:flex cgk:flex-col cgk:border cgk:border-border cgk:bg-card cgk:shadow-xl cgk:outline-none cgk:animate-rise';
const TITLE = 'cgk:text-base cgk:font-semibold cgk:tracking-tight';
const DESCRIPTION = 'cgk:text-[0.8125rem] cgk:text-muted-foreground';

interface DialogProps {
  open: boolean;
  /** The user wants to close it. */
  onClose: () => void;
  title: string;
  description: string;
  /** What has the focus once it is closed. */
  opener: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** A dialog over the page; on a narrow screen it is the page. */
export function Dialog({ open, onClose, title, description, opener, children }: DialogProps) {
  const { portal } = useAdmin();
  return (
    <RadixDialog.Root open={open} onOpenChange={(next) => next || onClose()}>
      <RadixDialog.Portal container={portal}>
        <RadixDialog.Overlay className={OVERLAY} />
        <RadixDialog.Content
          className={`${PANEL} cgk:inset-0 cgk:sm:inset-auto cgk:sm:top-[max(1rem,8vh)] cgk:sm:left-1/2 cgk:sm:max-h-[min(44rem,84vh)] cgk:sm:w-[32rem] cgk:sm:-ml-64 cgk:sm:rounded-lg`}
          onCloseAutoFocus={(event) => focusOn(event, opener)}
        >
          <header className="cgk:flex cgk:items-start cgk:gap-4 cgk:border-b cgk:border-border cgk:px-5 cgk:py-4">
            <div className="cgk:flex-1">
              <RadixDialog.Title className={TITLE}>{title}</RadixDialog.Title>
              <RadixDialog.Description className={DESCRIPTION}>
                {description}
              </RadixDialog.Description>
            </div>
            <RadixDialog.Close
              aria-label="Close"
              className="cgk:-mr-1.5 cgk:rounded-md cgk:p-1.5 cgk:text-muted-foreground cgk:hover:bg-muted cgk:hover:text-foreground"
            >
              <X aria-hidden className="cgk:size-4" />
            </RadixDialog.Close>
          </header>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

interface ConfirmationProps extends DialogProps {
  /** The buttons; the first one should be the harmless one, which has the focus. */
  actions: ReactNode;
}

/** A question that has to be answered before anything else. */
export function Confirmation({
  open,
  onClose,
  title,
  description,
  opener,
  children,
  actions,
}: ConfirmationProps) {
  const { portal } = useAdmin();
  return (
    <RadixAlertDialog.Root open={open} onOpenChange={(next) => next || onClose()}>
      <RadixAlertDialog.Portal container={portal}>
        <RadixAlertDialog.Overlay className={OVERLAY} />
        <RadixAlertDialog.Content
          className={`${PANEL} cgk:inset-x-4 cgk:top-[20vh] cgk:gap-3 cgk:rounded-lg cgk:p-5 cgk:sm:inset-x-auto cgk:sm:left-1/2 cgk:sm:w-[26rem] cgk:sm:-ml-52`}
          onCloseAutoFocus={(event) => focusOn(event, opener)}
        >
          <RadixAlertDialog.Title className={TITLE}>{title}</RadixAlertDialog.Title>
          <RadixAlertDialog.Description className={DESCRIPTION}>
            {description}
          </RadixAlertDialog.Description>
          {children}
          <div className="cgk:mt-1 cgk:flex cgk:flex-wrap cgk:justify-end cgk:gap-2">{actions}</div>
        </RadixAlertDialog.Content>
      </RadixAlertDialog.Portal>
    </RadixAlertDialog.Root>
  );
}

/** The button of a confirmation that changes nothing. */
export const ConfirmationCancel = RadixAlertDialog.Cancel;

function focusOn(event: Event, opener: RefObject<HTMLElement | null>) {
  event.preventDefault();
  opener.current?.focus();
}

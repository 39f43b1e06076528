import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.js';

const TONES = {
  neutral: {
    icon: Info,
    frame: 'cgk:border-border cgk:bg-muted cgk:text-foreground',
    mark: 'cgk:text-muted-foreground',
  },
  success: {
    icon: CircleCheck,
    frame: 'cgk:border-success-border cgk:bg-success-background cgk:text-success-foreground',
    mark: 'cgk:text-success',
  },
  warning: {
    icon: TriangleAlert,
    frame: 'cgk:border-warning-border cgk:bg-warning-background cgk:text-warning-foreground',
    mark: 'cgk:text-warning',
  },
  danger: {
    icon: CircleAlert,
    frame:
      'cgk:border-destructive-border cgk:bg-destructive-background cgk:text-destructive-foreground',
    mark: 'cgk:text-destructive',
  },
};

interface NoticeProps {
  tone: keyof typeof TONES;
  /** Has screen readers read it as soon as it appears. */
  urgent?: boolean;
  children: ReactNode;
  /** Controls beside the text. */
  action?: ReactNode;
}

/** A sentence or two that the user should not miss. */
export function Notice({ tone, urgent = false, children, action }: NoticeProps) {
  const { icon: Icon, frame, mark } = TONES[tone];
  return (
    <div
      role={urgent ? 'alert' : undefined}
      className={classNames(
        'cgk:flex cgk:flex-wrap cgk:items-start cgk:gap-x-3 cgk:gap-y-2 cgk:rounded-md cgk:border cgk:px-3 cgk:py-2.5 cgk:text-[0.8125rem]',
        frame,
      )}
    >
      <Icon aria-hidden className={classNames('cgk:mt-0.5 cgk:size-4', mark)} />
      <div className="cgk:min-w-0 cgk:flex-1 cgk:basis-48 cgk:wrap-anywhere">{children}</div>
      {action}
    </div>
  );
}

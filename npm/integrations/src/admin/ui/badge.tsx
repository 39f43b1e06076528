import type { ReactNode } from 'react';
import { classNames } from './class-names.js';

const TONES = {
  neutral: 'cgk:border-border cgk:bg-muted cgk:text-muted-foreground',
  success: 'cgk:border-success-border cgk:bg-success-background cgk:text-success-foreground',
  warning: 'cgk:border-warning-border cgk:bg-warning-background cgk:text-warning-foreground',
  danger:
    'cgk:border-destructive-border cgk:bg-destructive-background cgk:text-destructive-foreground',
};

const DOTS = {
  neutral: 'cgk:bg-input',
  success: 'cgk:bg-success',
  warning: 'cgk:bg-warning',
  danger: 'cgk:bg-destructive',
};

export type Tone = keyof typeof TONES;

interface BadgeProps {
  tone: Tone;
  /** Shows a dot before the text. */
  dot?: boolean;
  children: ReactNode;
}

/** A word or two about a state. */
export function Badge({ tone, dot = false, children }: BadgeProps) {
  return (
    <span
      className={classNames(
        'cgk:inline-flex cgk:items-center cgk:gap-1.5 cgk:rounded-full cgk:border cgk:px-2 cgk:py-0.5 cgk:text-xs cgk:font-medium cgk:whitespace-nowrap',
        TONES[tone],
      )}
    >
      {dot && (
        <span aria-hidden className={classNames('cgk:size-1.5 cgk:rounded-full', DOTS[tone])} />
      )}
      {children}
    </span>
  );
}

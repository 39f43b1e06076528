import type { ComponentProps, MouseEvent } from 'react';
import { classNames } from './class-names.js';
import { Spinner } from './spinner.js';

const BASE =
  'cgk:inline-flex cgk:items-center cgk:justify-center cgk:gap-2 cgk:rounded-md cgk:border cgk:font-medium cgk:whitespace-nowrap cgk:transition-colors cgk:select-none cgk:aria-disabled:cursor-default';

const VARIANTS = {
  primary:
    'cgk:border-transparent cgk:bg-primary cgk:text-primary-foreground cgk:not-aria-disabled:hover:bg-primary/85',
  secondary:
    'cgk:border-border cgk:bg-card cgk:text-foreground cgk:shadow-xs cgk:not-aria-disabled:hover:bg-muted',
  ghost: 'cgk:border-transparent cgk:text-foreground cgk:not-aria-disabled:hover:bg-muted',
  quietDanger:
    'cgk:border-transparent cgk:text-destructive cgk:not-aria-disabled:hover:bg-destructive-background',
  danger:
    'cgk:border-transparent cgk:bg-destructive cgk:text-on-destructive cgk:not-aria-disabled:hover:bg-destructive/85',
};

const SIZES = {
  small: 'cgk:h-8 cgk:px-3 cgk:text-[0.8125rem]',
  medium: 'cgk:h-9 cgk:px-4 cgk:text-sm',
};

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  /** Something is under way: shown, announced to screen readers, and clicks do nothing. */
  pending?: boolean;
}

/** A button. While pending it stays focusable, so that the keyboard's place is not lost. */
export function Button({
  variant = 'secondary',
  size = 'small',
  pending = false,
  type = 'button',
  className,
  onClick,
  children,
  ...props
}: ButtonProps) {
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (pending) {
      event.preventDefault();
    } else {
      onClick?.(event);
    }
  };
  return (
    <button
      {...props}
      type={type}
      className={classNames(BASE, VARIANTS[variant], SIZES[size], className)}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={click}
    >
      {pending && <Spinner />}
      {children}
    </button>
  );
}

import type { ComponentProps } from 'react';
import { classNames } from './class-names.js';

const LOOK =
  'cgk:w-full cgk:rounded-md cgk:border cgk:border-input cgk:bg-background cgk:px-3 cgk:text-sm cgk:shadow-xs cgk:aria-invalid:border-destructive';

/** Neither browsers nor password managers shall keep or fill what belongs into these inputs. */
export const UNREMEMBERED = {
  autoComplete: 'off',
  autoCorrect: 'off',
  autoCapitalize: 'none',
  spellCheck: false,
  'data-1p-ignore': true,
  'data-bwignore': true,
  'data-form-type': 'other',
  'data-lpignore': 'true',
};

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input {...UNREMEMBERED} {...props} className={classNames(LOOK, 'cgk:h-9', className)} />;
}

export function TextArea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...UNREMEMBERED}
      {...props}
      className={classNames(LOOK, 'cgk:block cgk:min-h-24 cgk:resize-y cgk:py-2', className)}
    />
  );
}

export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select {...props} className={classNames(LOOK, 'cgk:h-9 cgk:max-w-60', className)} />;
}

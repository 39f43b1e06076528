import type { UseFormRegisterReturn } from 'react-hook-form';
import { Input } from '../ui/input.js';
import { FieldFrame, type FieldFrameProps } from './field-frame.js';

const CURRENCY_NAMES = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });

interface TextFieldProps extends Omit<FieldFrameProps, 'children' | 'note'> {
  registration: UseFormRegisterReturn;
  placeholder: string;
  /** What the input holds now. */
  value: string;
}

/** Visible text: plain, an e-mail address or a currency. */
export function TextField({ registration, placeholder, value, ...frame }: TextFieldProps) {
  const { kind } = frame.field;
  const isCurrency = kind === 'currency';
  return (
    <FieldFrame {...frame} note={isCurrency ? <CurrencyName code={value} /> : undefined}>
      {(props) => (
        <Input
          {...props}
          {...registration}
          type="text"
          {...(kind === 'email' && { inputMode: 'email' })}
          placeholder={placeholder}
          {...(isCurrency && { maxLength: 3, className: 'cgk:max-w-28 cgk:uppercase' })}
        />
      )}
    </FieldFrame>
  );
}

function CurrencyName({ code }: { code: string }) {
  return /^[a-z]{3}$/i.test(code) ? <p>{CURRENCY_NAMES.of(code.toUpperCase())}</p> : null;
}

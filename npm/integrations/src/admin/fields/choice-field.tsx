import type { UseFormRegisterReturn } from 'react-hook-form';
import { Select } from '../ui/input.js';
import { FieldFrame, type FieldFrameProps } from './field-frame.js';

interface ChoiceFieldProps extends Omit<FieldFrameProps, 'children' | 'note'> {
  registration: UseFormRegisterReturn;
}

/** One of a few; none is one of them. */
export function ChoiceField({ registration, ...frame }: ChoiceFieldProps) {
  return (
    <FieldFrame {...frame}>
      {(props) => (
        <Select {...props} {...registration}>
          <option value="">Default</option>
          {frame.field.choices.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </FieldFrame>
  );
}

import { Switch } from 'radix-ui';
import { FieldFrame, type FieldFrameProps } from './field-frame.js';

interface SwitchFieldProps extends Omit<FieldFrameProps, 'children' | 'note'> {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
}

/** Yes or no. */
export function SwitchField({ checked, onCheckedChange, ...frame }: SwitchFieldProps) {
  return (
    <FieldFrame {...frame}>
      {(props) => (
        <Switch.Root
          {...props}
          checked={checked}
          onCheckedChange={onCheckedChange}
          className="cgk:inline-flex cgk:h-5 cgk:w-9 cgk:items-center cgk:rounded-full cgk:border cgk:border-input cgk:bg-muted cgk:px-0.5 cgk:transition-colors cgk:data-[state=checked]:border-primary cgk:data-[state=checked]:bg-primary"
        >
          <Switch.Thumb className="cgk:size-3.5 cgk:rounded-full cgk:bg-input cgk:transition-transform cgk:data-[state=checked]:translate-x-4 cgk:data-[state=checked]:bg-primary-foreground" />
        </Switch.Root>
      )}
    </FieldFrame>
  );
}

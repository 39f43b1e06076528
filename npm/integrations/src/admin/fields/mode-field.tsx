import { RadioGroup } from 'radix-ui';
import { useId } from 'react';
import { FieldError } from './field-frame.js';
import type { ChosenMode } from './use-mode.js';

interface ModeFieldProps {
  mode: ChosenMode;
  error: string | undefined;
}

/** Which of the two modes of a vendor the credential belongs to. */
export function ModeField({ mode, error }: ModeFieldProps) {
  const id = useId();
  const { current, other, choose } = mode;
  const [test, live] = current.isLive ? [other, current] : [current, other];
  return (
    <div className="cgk:flex cgk:flex-col cgk:gap-1.5">
      <span id={id} className="cgk:font-medium">
        Mode
      </span>
      <RadioGroup.Root
        aria-labelledby={id}
        aria-describedby={error === undefined ? `${id}-hint` : `${id}-error ${id}-hint`}
        value={current.name}
        onValueChange={(name) => choose(name === live.name)}
        orientation="horizontal"
        className="cgk:inline-flex cgk:w-fit cgk:gap-0.5 cgk:rounded-md cgk:bg-muted cgk:p-0.5"
      >
        {[test, live].map(({ name }) => (
          <RadioGroup.Item
            key={name}
            value={name}
            className="cgk:h-7 cgk:rounded-sm cgk:border cgk:border-transparent cgk:px-4 cgk:text-[0.8125rem] cgk:font-medium cgk:text-muted-foreground cgk:transition-colors cgk:hover:text-foreground cgk:data-[state=checked]:border-border cgk:data-[state=checked]:bg-card cgk:data-[state=checked]:text-foreground cgk:data-[state=checked]:shadow-xs"
          >
            {name}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <FieldError id={`${id}-error`} error={error} />
      <p id={`${id}-hint`} className="cgk:text-xs cgk:text-muted-foreground">
        {current.isLive ? 'Real customers and real money.' : 'For trying out: no money moves.'}
      </p>
    </div>
  );
}

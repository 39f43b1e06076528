import type { Ref } from 'react';
import type { ServiceStatus } from './api.js';
import type { CatalogService } from './catalog.js';
import { storedValue } from './form-values.js';
import { modeField, modeOf } from './mode.js';
import { Badge } from './ui/badge.js';

interface ServiceHeadingProps {
  /** Id of the heading. */
  id: string;
  service: CatalogService;
  status: ServiceStatus | undefined;
  level: 2 | 3;
  /** Said where the service is not connected. */
  note?: string;
  ref?: Ref<HTMLHeadingElement>;
}

/** Name of a service, whether it is connected, and in which mode. */
export function ServiceHeading(props: ServiceHeadingProps) {
  const { id, service, status, level, note, ref } = props;
  const Heading = `h${level}` as const;
  return (
    <div className="cgk:flex cgk:min-w-0 cgk:flex-1 cgk:basis-60 cgk:items-center cgk:gap-3">
      <span
        aria-hidden
        className="cgk:flex cgk:size-9 cgk:shrink-0 cgk:items-center cgk:justify-center cgk:rounded-md cgk:border cgk:border-border cgk:bg-muted cgk:text-[0.9375rem] cgk:font-semibold"
      >
        {service.displayName.charAt(0)}
      </span>
      <div className="cgk:flex cgk:min-w-0 cgk:flex-wrap cgk:items-center cgk:gap-x-2 cgk:gap-y-1">
        <Heading
          id={id}
          ref={ref}
          tabIndex={-1}
          className="cgk:text-[0.9375rem] cgk:font-semibold cgk:tracking-tight cgk:outline-none"
        >
          {service.displayName}
        </Heading>
        <ConnectionBadge status={status} />
        {status && <ModeBadge service={service} status={status} />}
        {!status && note !== undefined && (
          <span className="cgk:text-xs cgk:text-muted-foreground">{note}</span>
        )}
      </div>
    </div>
  );
}

function ConnectionBadge({ status }: { status: ServiceStatus | undefined }) {
  if (!status) {
    return <Badge tone="neutral">Not connected</Badge>;
  }
  return status.hasError ? (
    <Badge tone="danger" dot>
      Needs attention
    </Badge>
  ) : (
    <Badge tone="success" dot>
      Connected
    </Badge>
  );
}

function ModeBadge({ service, status }: { service: CatalogService; status: ServiceStatus }) {
  const field = modeField(service);
  if (!field) {
    return null;
  }
  const mode = modeOf(field, storedValue(field, status) === true);
  return <Badge tone={mode.isLive ? 'neutral' : 'warning'}>{mode.name} mode</Badge>;
}

import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ServiceStatus } from './api.js';
import type { CatalogService } from './catalog.js';
import { detailsOf } from './details.js';
import { Time } from './time.js';
import { Notice } from './ui/notice.js';

interface ServiceDetailsProps {
  service: CatalogService;
  status: ServiceStatus;
}

/** What is known of a connected service. */
export function ServiceDetails({ service, status }: ServiceDetailsProps) {
  return (
    <dl className="cgk:grid cgk:grid-cols-2 cgk:gap-x-6 cgk:gap-y-3 cgk:@xl:grid-cols-3 cgk:@4xl:grid-cols-4">
      <Line label="Last verified">
        {status.lastVerifiedAt === null ? 'Never' : <Time iso={status.lastVerifiedAt} />}
      </Line>
      {detailsOf(service, status).map(({ label, value }) => (
        <Line key={label} label={label}>
          {value}
        </Line>
      ))}
      <Line label="Stored secrets">
        <StoredSecrets service={service} status={status} />
      </Line>
    </dl>
  );
}

/** What is wrong with a connected service, and since when. */
export function ServiceError({ status }: { status: ServiceStatus }) {
  return (
    <Notice tone="danger">
      <p>{status.errorMessage ?? 'The credential cannot be used as it is.'}</p>
      {status.failingSince !== null && (
        <p>
          Failing since <Time iso={status.failingSince} />.
        </p>
      )}
    </Notice>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="cgk:min-w-0">
      <dt className="cgk:text-xs cgk:text-muted-foreground">{label}</dt>
      <dd className="cgk:text-[0.8125rem] cgk:wrap-anywhere">{children}</dd>
    </div>
  );
}

function StoredSecrets({ service, status }: ServiceDetailsProps) {
  const stored = service.fields.filter(({ name }) => status.secretsSet.includes(name));
  return (
    <ul>
      {stored.map(({ name, label }) => (
        <li key={name} className="cgk:flex cgk:items-center cgk:gap-1.5">
          <KeyRound aria-hidden className="cgk:size-3.5 cgk:text-muted-foreground" />
          {label}
        </li>
      ))}
    </ul>
  );
}

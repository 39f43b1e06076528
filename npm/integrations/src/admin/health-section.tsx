import { CircleAlert, CircleCheck, CircleMinus, RefreshCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Health, ServiceHealth } from './api.js';
import { describeFailure } from './failure.js';
import { FailureNotice } from './failure-notice.js';
import { useHealth } from './queries.js';
import { Time } from './time.js';
import { Badge } from './ui/badge.js';
import { Button } from './ui/button.js';
import { classNames } from './ui/class-names.js';

/** Whether the vault and the connected services are well. */
export function HealthSection() {
  const { data: health, error, isFetching, refetch } = useHealth();
  return (
    <section
      aria-labelledby="cgk-health"
      className="cgk:rounded-lg cgk:border cgk:border-border cgk:bg-card cgk:shadow-xs"
    >
      <div className="cgk:flex cgk:flex-wrap cgk:items-center cgk:gap-x-3 cgk:gap-y-2 cgk:px-4 cgk:py-3">
        <h2 id="cgk-health" className="cgk:text-[0.9375rem] cgk:font-semibold cgk:tracking-tight">
          Health
        </h2>
        {health && <Overall health={health} />}
        <span className="cgk:flex-1 cgk:text-right cgk:text-xs cgk:whitespace-nowrap cgk:text-muted-foreground">
          {health && (
            <>
              Checked <Time iso={health.checkedAt} />
            </>
          )}
        </span>
        <Button pending={isFetching} onClick={() => refetch()}>
          {!isFetching && <RefreshCw aria-hidden className="cgk:size-3.5" />}
          Check again
        </Button>
      </div>
      <div className="cgk:border-t cgk:border-border cgk:empty:hidden">
        {error && !isFetching && (
          <div className="cgk:p-4">
            <FailureNotice failure={describeFailure(error)} />
          </div>
        )}
        {health && <HealthList health={health} />}
      </div>
    </section>
  );
}

function Overall({ health }: { health: Health }) {
  return health.healthy ? (
    <Badge tone="success" dot>
      All well
    </Badge>
  ) : (
    <Badge tone="danger" dot>
      Needs attention
    </Badge>
  );
}

function HealthList({ health: { database, encryptionKey, services } }: { health: Health }) {
  return (
    <ul className="cgk:divide-y cgk:divide-border">
      <HealthLine
        name="Database"
        state={stateOfDatabase(database)}
        text={<DatabaseText database={database} />}
      />
      <HealthLine
        name="Encryption key"
        state={stateOfKey(encryptionKey)}
        text={<KeyText encryptionKey={encryptionKey} />}
      />
      {services
        .filter(({ connected }) => connected)
        .map((service) => (
          <HealthLine
            key={service.service}
            name={service.displayName}
            state={stateOf(service)}
            text={<ServiceText service={service} />}
          />
        ))}
    </ul>
  );
}

type State = 'good' | 'bad' | 'pending' | 'unknown';

function stateOfDatabase({ reachable, migration }: Health['database']): State {
  if (!reachable) {
    return 'bad';
  }
  return migration ? 'pending' : 'good';
}

function DatabaseText({ database }: { database: Health['database'] }) {
  const { reachable, errorCode, migration } = database;
  if (!reachable) {
    return `Not reachable (${errorCode ?? 'no answer'})`;
  }
  return migration ? (
    <>
      Reachable · not migrated: {migration.missing.join(', ')} missing. Run{' '}
      <code>{migration.command}</code>
    </>
  ) : (
    'Reachable'
  );
}

function stateOfKey({ present, rotationPending }: Health['encryptionKey']): State {
  if (!present) {
    return 'bad';
  }
  return rotationPending ? 'pending' : 'good';
}

function KeyText({ encryptionKey }: { encryptionKey: Health['encryptionKey'] }) {
  const { present, errorCode, keyId, values, unreadableValues, rotationPending } = encryptionKey;
  if (!present) {
    const state = errorCode === 'KEY_UNAVAILABLE' ? 'Not given by its function' : 'Missing';
    return `${state}: no credential can be read or saved`;
  }
  return (
    <>
      {keyId === null ? 'Present' : `Present, key ${keyId}`}
      {values.map((key) => (
        <span key={`${key.keyId} ${key.format} ${key.isCurrent}`} className="cgk:block">
          {`${count(key.values)} under ${key.isCurrent ? 'this key' : 'another key'}`}
          {key.keyId !== null && ` (${key.keyId})`}, format {key.format}
        </span>
      ))}
      {unreadableValues > 0 && (
        <span className="cgk:block">{count(unreadableValues)} under no configured key</span>
      )}
      {rotationPending && (
        <span className="cgk:block">
          Rotation not finished: run <code>cgk-integrations keys rotate</code>
        </span>
      )}
    </>
  );
}

function count(values: number): string {
  return `${values} ${values === 1 ? 'value' : 'values'}`;
}

function stateOf({ decryptable, errorMessage, lastVerifiedAt }: ServiceHealth): State {
  if (decryptable === false || errorMessage !== null) {
    return 'bad';
  }
  return lastVerifiedAt === null ? 'unknown' : 'good';
}

function ServiceText({ service }: { service: ServiceHealth }) {
  const { decryptable, errorMessage, failingSince, lastVerifiedAt } = service;
  return (
    <>
      {errorMessage ?? (decryptable === false ? 'Can not be decrypted' : undefined) ?? 'Readable'}
      {failingSince !== null && (
        <>
          {' · failing since '}
          <Time iso={failingSince} />
        </>
      )}
      {lastVerifiedAt === null ? (
        ' · never verified'
      ) : (
        <>
          {' · verified '}
          <Time iso={lastVerifiedAt} />
        </>
      )}
    </>
  );
}

const MARKS = {
  good: { icon: CircleCheck, color: 'cgk:text-success', word: 'Well' },
  bad: { icon: CircleAlert, color: 'cgk:text-destructive', word: 'Needs attention' },
  pending: { icon: TriangleAlert, color: 'cgk:text-warning', word: 'Not finished' },
  unknown: { icon: CircleMinus, color: 'cgk:text-muted-foreground', word: 'Not known' },
};

interface HealthLineProps {
  name: string;
  state: State;
  text: ReactNode;
}

function HealthLine({ name, state, text }: HealthLineProps) {
  const { icon: Icon, color, word } = MARKS[state];
  return (
    <li className="cgk:flex cgk:flex-wrap cgk:items-start cgk:gap-x-3 cgk:px-4 cgk:py-2 cgk:text-[0.8125rem]">
      <span className="cgk:flex cgk:w-44 cgk:items-center cgk:gap-2 cgk:font-medium">
        <Icon role="img" aria-label={word} className={classNames('cgk:size-4', color)} />
        {name}
      </span>
      <span className="cgk:flex-1 cgk:basis-56 cgk:text-muted-foreground cgk:wrap-anywhere">
        {text}
      </span>
    </li>
  );
}

import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError, type ServiceStatuses } from './api.js';
import { describeFailure } from './failure.js';
import { FailureNotice } from './failure-notice.js';
import { useStatuses } from './queries.js';
import { Button } from './ui/button.js';

interface StatusesGateProps {
  /** Shown once it is known what is connected. */
  children: (statuses: ServiceStatuses) => ReactNode;
}

/** Loads what is connected; until then, and where that fails, says so instead of its content. */
export function StatusesGate({ children }: StatusesGateProps) {
  const { data, error, isFetching, refetch } = useStatuses();
  if (error instanceof ApiError && error.status === 403) {
    return <NotAllowed />;
  }
  if (data) {
    return (
      <>
        {error && <LoadFailure error={error} isFetching={isFetching} onRetry={refetch} />}
        {children(data)}
      </>
    );
  }
  return error ? (
    <LoadFailure error={error} isFetching={isFetching} onRetry={refetch} />
  ) : (
    <Loading />
  );
}

function NotAllowed() {
  return (
    <div className="cgk:flex cgk:flex-col cgk:items-center cgk:gap-2 cgk:rounded-lg cgk:border cgk:border-border cgk:bg-card cgk:px-6 cgk:py-12 cgk:text-center">
      <span className="cgk:flex cgk:size-10 cgk:items-center cgk:justify-center cgk:rounded-full cgk:bg-muted">
        <Lock aria-hidden className="cgk:size-5 cgk:text-muted-foreground" />
      </span>
      <h2 className="cgk:text-[0.9375rem] cgk:font-semibold">Only for admins of this tenant</h2>
      <p className="cgk:max-w-96 cgk:text-muted-foreground">
        Credentials can be seen and changed by an admin only. Ask one to connect a service, or to
        make you an admin.
      </p>
    </div>
  );
}

interface LoadFailureProps {
  error: Error;
  isFetching: boolean;
  onRetry: () => void;
}

function LoadFailure({ error, isFetching, onRetry }: LoadFailureProps) {
  return (
    <div className="cgk:flex cgk:flex-col cgk:items-start cgk:gap-3">
      <div className="cgk:w-full">
        <FailureNotice failure={describeFailure(error)} />
      </div>
      <Button pending={isFetching} onClick={() => onRetry()}>
        Try again
      </Button>
    </div>
  );
}

function Loading() {
  return (
    <div aria-busy className="cgk:flex cgk:flex-col cgk:gap-3">
      <p className="cgk:sr-only">Loading what is connected</p>
      {['first', 'second', 'third'].map((name) => (
        <div
          key={name}
          className="cgk:h-17 cgk:rounded-lg cgk:border cgk:border-border cgk:bg-muted cgk:animate-pulse"
        />
      ))}
    </div>
  );
}

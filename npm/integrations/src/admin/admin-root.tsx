import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { ApiError, createApi } from './api.js';
import { type AdminContext, AdminContextProvider } from './context.js';
import type { AdminPageProps } from './types.js';
import { classNames } from './ui/class-names.js';

const DEFAULT_API_BASE = '/api/admin/integrations';
const NO_SAMPLES = {};
const ANNOUNCEMENT_MS = 6_000;
const TICK_MS = 30_000;

/** The outermost element of a page: theme, requests, announcements, and a place for dialogs. */
export function AdminRoot({
  apiBase = DEFAULT_API_BASE,
  samples = NO_SAMPLES,
  signInHref,
  className,
  children,
}: AdminPageProps & { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const api = useMemo(() => createApi(apiBase), [apiBase]);
  const [portal, setPortal] = useState<HTMLElement | null>(null);
  const [announced, announce] = useAnnouncement();
  const now = useNow();
  const context = useMemo(
    () => ({ api, samples, signInHref, portal, announce, now }),
    [api, samples, signInHref, portal, announce, now],
  );
  return (
    <QueryClientProvider client={queryClient}>
      <AdminContextProvider value={context}>
        <div className={classNames('cgk-root', className)}>
          <div className="cgk:@container">{children}</div>
          <div ref={setPortal} />
          <Announcement {...announced} />
        </div>
      </AdminContextProvider>
    </QueryClientProvider>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Not paused while the browser believes to be offline: the user shall see that it failed.
      queries: { networkMode: 'always', retry: isWorthAnotherTry, retryDelay: 500 },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

function isWorthAnotherTry(failures: number, error: Error): boolean {
  const isPassing = error instanceof ApiError && (error.status === 0 || error.status >= 502);
  return isPassing && failures < 2;
}

interface Announced {
  message: string;
  isSeen: boolean;
}

const NOTHING: Announced = { message: '', isSeen: false };

function useAnnouncement() {
  const [announced, setAnnounced] = useState(NOTHING);
  const announce: AdminContext['announce'] = useCallback(
    (message, how = 'seen') => setAnnounced({ message, isSeen: how === 'seen' }),
    [],
  );
  useEffect(() => {
    if (announced === NOTHING) {
      return undefined;
    }
    const timer = setTimeout(() => setAnnounced(NOTHING), ANNOUNCEMENT_MS);
    return () => clearTimeout(timer);
  }, [announced]);
  return [announced, announce] as const;
}

/** Always there: screen readers only announce changes in a region that they know. */
function Announcement({ message, isSeen }: Announced) {
  return (
    <div
      role="status"
      aria-live="polite"
      className="cgk:pointer-events-none cgk:fixed cgk:inset-x-4 cgk:bottom-4 cgk:z-60 cgk:flex cgk:justify-end"
    >
      {isSeen ? (
        <p className="cgk:flex cgk:max-w-96 cgk:items-start cgk:gap-2.5 cgk:rounded-md cgk:border cgk:border-border cgk:bg-card cgk:px-3.5 cgk:py-2.5 cgk:text-[0.8125rem] cgk:font-medium cgk:shadow-lg cgk:animate-rise">
          <CircleCheck aria-hidden className="cgk:mt-0.5 cgk:size-4 cgk:text-success" />
          {message}
        </p>
      ) : (
        <p className="cgk:sr-only">{message}</p>
      )}
    </div>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

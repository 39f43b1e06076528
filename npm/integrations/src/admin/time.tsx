import { useAdmin } from './context.js';
import { absoluteTime, relativeTime } from './relative-time.js';

/** A point in time as how long ago it was; date and time are shown on hovering. */
export function Time({ iso }: { iso: string }) {
  const { now } = useAdmin();
  return (
    <time dateTime={iso} title={absoluteTime(iso)}>
      {relativeTime(iso, now)}
    </time>
  );
}

import { useAdmin } from './context.js';
import type { Failure } from './failure.js';
import { Notice } from './ui/notice.js';

/** Tells that something did not succeed; read aloud when it appears. */
export function FailureNotice({ failure }: { failure: Failure | undefined }) {
  const { signInHref } = useAdmin();
  if (!failure) {
    return null;
  }
  const action = failure.signedOut && signInHref !== undefined && (
    <a
      href={signInHref}
      target="_blank"
      rel="noreferrer"
      className="cgk:font-medium cgk:text-link cgk:underline"
    >
      Sign in (opens in a new tab)
    </a>
  );
  return (
    <Notice tone="danger" urgent action={action}>
      {failure.message}
    </Notice>
  );
}

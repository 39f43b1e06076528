import type { VerifyResult } from './api.js';
import type { CatalogService } from './catalog.js';
import { Notice } from './ui/notice.js';

interface VerificationNoticeProps {
  service: CatalogService;
  result: VerifyResult;
}

/** What came of a verification, where the status of the service does not say it. */
export function VerificationNotice({ service, result }: VerificationNoticeProps) {
  if (['valid', 'invalid', 'restricted'].includes(result.status)) {
    return null;
  }
  return (
    <Notice tone="warning">
      <p>{explain(service.displayName, result)}</p>
    </Notice>
  );
}

/** What came of a verification, as one sentence or two. */
export function explain(name: string, result: VerifyResult): string {
  const { status, error, missingPermission, retryAfterSeconds } = result;
  switch (status) {
    case 'valid':
      return `${name} accepts the credential.`;
    case 'under_scoped':
      return `${name} accepts the credential, but it lacks a permission${missingPermission ? `: ${missingPermission}` : ''}.`;
    case 'restricted':
      return error ?? `${name} accepts the credential, but something stands in its way.`;
    case 'rate_limited':
      return `${name} asks to wait ${retryAfterSeconds ? `${retryAfterSeconds} seconds` : 'a while'} before it is asked again. Nothing has changed.`;
    case 'invalid':
      return error ?? `${name} refuses the credential.`;
    case 'unreachable':
      return `${error ?? `${name} gave no clear answer`}. Nothing has changed; try again later.`;
    case 'unchecked':
      return error ?? `${name} could not be asked.`;
  }
}

'use client';

import { CredentialsPage, type SampleInputs } from '@cgk-platform/integrations/admin';

export function Credentials({ samples }: { samples: SampleInputs | undefined }) {
  return <CredentialsPage samples={samples} signInHref="/sign-in" />;
}

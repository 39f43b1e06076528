import type { Metadata } from 'next';
import { Credentials } from '../../../../../../components/credentials';
import { samples } from '../../../../../../lib/samples';
import { requireUser } from '../../../../../../lib/session';

export const metadata: Metadata = { title: 'Integration credentials' };

export default async function IntegrationCredentialsPage() {
  await requireUser();
  return <Credentials samples={samples()} />;
}

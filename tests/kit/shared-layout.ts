// Every vault of the test file has the tables that tenants share, in a schema that no other file has.

import { randomBytes } from 'node:crypto';

process.env.INTEGRATION_LAYOUT = 'shared';
process.env.INTEGRATION_SHARED_SCHEMA = `vault_${randomBytes(6).toString('hex')}`;

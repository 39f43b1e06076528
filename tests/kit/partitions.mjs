// Hash partitions of the tables that tenants share, by the block of docs/scaling.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * The block, for a schema and a number of partitions.
 *
 * @param {{ schema?: string, partitions?: number }} options
 */
export function partitioningSql({ schema = 'vault', partitions = 16 } = {}) {
  const page = readFileSync(join(ROOT, 'docs/scaling.md'), 'utf8');
  const [, block] = /```sql\n(do \$partition\$[^`]*)```/.exec(page) ?? [];
  if (block === undefined) {
    throw new Error('docs/scaling.md has no block that makes partitions');
  }
  return block
    .replaceAll('vault.', `${schema}.`)
    .replace('partitions integer = 16', `partitions integer = ${partitions}`);
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const MANIFEST = resolve(__dirname, '../../npm/integrations/package.json');

/** The version of the package under test, which a release changes. */
export const VERSION: string = JSON.parse(readFileSync(MANIFEST, 'utf8')).version;

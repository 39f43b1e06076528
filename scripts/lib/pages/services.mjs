// docs/services.md: the services of the catalog, and what each needs.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { ROOT } from '../run.mjs';
import { table } from './markdown.mjs';

const PACKAGE = join(ROOT, 'npm/integrations');

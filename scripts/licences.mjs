// `npm run licences`: writes the licence texts that the packages carry. Run it when crates change.

import { writeLicences } from './lib/licences.mjs';
import { runMain, step } from './lib/run.mjs';

await runMain(() => step('Licence texts of the crates', writeLicences));

// `npm run fuzz -- --cases N`: what `npm test` does with a few made-up cases, with as many as you like.
// `--seed S` makes the same cases again, `--only name` runs one campaign, `--case I` one of its cases.

import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../tests/kit/temporary.cjs';
import { build } from './build.mjs';
import { runJest } from './lib/jest.mjs';
import { ROOT, runMain, step } from './lib/run.mjs';

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(randomInt(2 ** 32)) },
      only: { type: 'string' },
      case: { type: 'string' },
    },
  });
  for (const name of /** @type {const} */ (['cases', 'case'])) {
    if (values[name] !== undefined && !/^\d+$/.test(values[name])) {
      throw new Error(`--${name} must be a whole number`);
    }
  }
  const { only, seed } = values;
  if (only !== undefined && !existsSync(join(ROOT, `tests/fuzz/${only}.test.ts`))) {
    throw new Error(`There is no campaign "${only}": see tests/fuzz`);
  }
  await build();
  await step(`Campaigns of seed ${seed}`, () => runCampaigns(values));
});

/** @param {{ cases: string, seed: string, only?: string, case?: string }} options */
async function runCampaigns({ cases, seed, only, case: index }) {
  const report = join(temporaryFolder('cgk-fuzz'), 'report.jsonl');
  try {
    await runJest([`tests/fuzz/${only ?? ''}`], {
      env: {
        FUZZ_CASES: cases,
        FUZZ_SEED: seed,
        FUZZ_REPORT: report,
        ...(index !== undefined && { FUZZ_CASE: index }),
      },
    });
  } finally {
    print(report);
  }
}

/** @param {string} report what each campaign that passed wrote */
function print(report) {
  const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
  for (const line of lines) {
    const { campaign, cases, seconds, outcomes } = JSON.parse(line);
    const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
    const size = cases === undefined ? '' : `${cases} cases in ${seconds} s: `;
    console.log(`  ${campaign}: ${size}${counts.join(', ')}`);
  }
}

// `npm run fuzz:rust -- --seconds N`: libFuzzer on the parsers of tokens and connection strings, each
// for N seconds; `--only token` runs one of them. What it learns stays in `target/fuzz`.

import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { cargoTool } from './lib/cargo-tool.mjs';
import { ROOT, run, runMain, step } from './lib/run.mjs';

const CRATE = join(ROOT, 'crates/fuzz');
const OUTPUT = join(ROOT, 'target/fuzz');

const TARGETS = readdirSync(join(CRATE, 'fuzz_targets')).map((file) => basename(file, '.rs'));

await runMain(async () => {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '60' }, only: { type: 'string' } },
  });
  if (!/^[1-9]\d*$/.test(values.seconds)) {
    throw new Error('--seconds must be a whole number');
  }
  const targets = TARGETS.filter((target) => values.only === undefined || target === values.only);
  if (targets.length === 0) {
    throw new Error(`There is no target "${values.only}": use ${TARGETS.join(' or ')}`);
  }
  // What is fuzzed is built of the versions that the workspace has.
  copyFileSync(join(ROOT, 'Cargo.lock'), join(CRATE, 'Cargo.lock'));
  const cargoFuzz = await cargoTool('cargo-fuzz', '0.13.2');
  for (const target of targets) {
    await step(`Fuzzing ${target}`, () => fuzz(cargoFuzz, target, values.seconds));
  }
});

/**
 * @param {string} cargoFuzz
 * @param {string} target
 * @param {string} seconds
 */
async function fuzz(cargoFuzz, target, seconds) {
  const corpus = join(OUTPUT, 'corpus', target);
  const artifacts = join(OUTPUT, 'artifacts', target, '/');
  for (const folder of [corpus, artifacts]) {
    mkdirSync(folder, { recursive: true });
  }
  await run(
    cargoFuzz,
    [
      'run',
      ...['--fuzz-dir', CRATE, target, corpus, join(CRATE, 'seeds', target), '--'],
      `-max_total_time=${seconds}`,
      `-dict=${join(CRATE, `${target}.dict`)}`,
      `-artifact_prefix=${artifacts}`,
      ...['-max_len=1024', '-print_final_stats=1'],
    ],
    // Sanitizers are not a stable feature; the toolchain is pinned.
    { env: { RUSTC_BOOTSTRAP: '1', CARGO_TARGET_DIR: OUTPUT } },
  );
}

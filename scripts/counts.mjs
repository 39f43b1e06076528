// `npm run counts`: how many instructions a processor is given for a batch of keys and for a repeated read,
// beside the recorded numbers; `npm run counts -- --update` records them. A count does not depend on what else
// runs on the machine, as a time does.

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { judgeCounts } from './lib/count-limits.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { ROOT, run, runMain } from './lib/run.mjs';
import { installValgrind } from './lib/system-packages.mjs';

const RECORD = join(ROOT, 'scripts/counts.json');
const PACKAGES = { count_kernel: 'cgk-derive', count_reads: 'cgk-credentials' };

/**
 * What is counted: a program, how often it does its work, and with what. Valgrind has no SHA extensions and no
 * AVX-512.
 *
 * @type {Record<string, [keyof typeof PACKAGES, number, ...string[]]>}
 */
const WORK = {
  'a key, portable kernel': ['count_kernel', 1, 'portable x1'],
  'eight keys, AVX2 kernel': ['count_kernel', 1, 'AVX2 x8'],
  'a repeated read, without the database': ['count_reads', 100],
};

/** Prints the counts; throws if something takes more than was recorded. */
export async function checkCounts() {
  const counts = await measure();
  if (!counts) {
    return;
  }
  const recorded = JSON.parse(readFileSync(RECORD, 'utf8'));
  for (const [name, count] of Object.entries(counts)) {
    const cells = [count, recorded[name]].map((number) => String(number ?? '-').padStart(14));
    console.log(`  ${name.padEnd(40)}${cells.join('')}`);
  }
  const problems = judgeCounts(counts, recorded);
  if (problems.length > 0) {
    throw new Error(problems.join('\n  '));
  }
}

/** @returns {Promise<Record<string, number> | undefined>} `undefined` where Valgrind does not run */
async function measure() {
  const isX86 = process.platform === 'linux' && process.arch === 'x64';
  if (!isX86 || !(await installValgrind())) {
    const reason = isX86 ? 'Valgrind is not installed' : 'they are recorded for Linux on x86';
    if (isX86 && process.env.CI === 'true') {
      throw new Error(reason);
    }
    console.log(`  skipped: ${reason}`);
    return undefined;
  }
  const programs = Object.entries(PACKAGES);
  const examples = programs.flatMap(([program, name]) => ['-p', name, '--example', program]);
  await run('cargo', ['build', '--release', '--quiet', ...examples]);
  /** @type {Record<string, number>} */
  const counts = {};
  for (const [name, [program, times, ...args]] of Object.entries(WORK)) {
    const [start, whole] = [await count(program, 0, args), await count(program, times, args)];
    counts[name] = Math.round((whole - start) / times);
  }
  return counts;
}

/**
 * @param {string} program
 * @param {number} times
 * @param {string[]} args
 * @returns {Promise<number>} the instructions of a run
 */
async function count(program, times, args) {
  const path = join(ROOT, 'target/release/examples', program);
  const flags = ['--tool=callgrind', '--callgrind-out-file=/dev/null'];
  const { stderr } = await promisify(execFile)('valgrind', [...flags, path, `${times}`, ...args]);
  const found = /Collected : (\d+)/.exec(stderr)?.[1];
  if (found === undefined) {
    throw new Error(`Valgrind counted nothing of ${program}`);
  }
  return Number(found);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await installDependencies();
    if (!process.argv.includes('--update')) {
      return checkCounts();
    }
    writeFileSync(RECORD, `${JSON.stringify(await measure(), null, 2)}\n`);
  });
}

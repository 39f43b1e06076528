// Fuzz campaigns: many cases that a seed decides. `npm test` runs a few of each under a seed that
// never changes; `npm run fuzz` says how many, under which seed.

import { appendFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Random } from './random';

const FIXED_SEED = '1';
const CASES_IN_TESTS = 500;
const HOUR = 3_600_000;

const { FUZZ_CASES, FUZZ_SEED = FIXED_SEED, FUZZ_CASE, FUZZ_REPORT } = process.env;

export interface Campaign {
  /** As `npm run fuzz -- --only` names it. */
  name: string;
  /** What part of the cases that are asked for it runs: less than 1 where a case is slow. */
  share: number;
  /** What one case does; it gives the kind of outcome, which is counted. */
  run(random: Random): Promise<string>;
  /** The outcomes that there must have been: without them the campaign would prove nothing. */
  outcomes: string[];
}

export interface CampaignReport {
  campaign: string;
  /** Absent where something else is counted. */
  cases?: number;
  seconds?: number;
  outcomes: Record<string, number>;
}

/** How much is done: in `npm test` the short form, or else a part of the cases that are asked for. */
export function atLength(short: number, share = 1): number {
  return FUZZ_CASES === undefined ? short : Math.max(short, Math.ceil(Number(FUZZ_CASES) * share));
}

/** Whether it was asked for by hand: only then is a machine held to times. */
export const IS_AT_LENGTH = FUZZ_CASES !== undefined;

/** How long it may take; as any test in `npm test`. */
export const LENGTH_MS = FUZZ_CASES === undefined ? undefined : HOUR;

export function campaign({ name, share, run, outcomes }: Campaign): void {
  test(
    `what a seed makes up: ${name}`,
    async () => {
      const start = performance.now();
      const counts = new Map<string, number>();
      const cases = Math.ceil(Number(FUZZ_CASES ?? CASES_IN_TESTS) * share);
      const [first, end] =
        FUZZ_CASE === undefined ? [0, cases] : [Number(FUZZ_CASE), Number(FUZZ_CASE) + 1];
      for (let index = first; index < end; index += 1) {
        const outcome = await runCase(name, index, run);
        counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      }
      report({
        campaign: name,
        cases: end - first,
        seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
        outcomes: Object.fromEntries(counts),
      });
      if (FUZZ_CASE === undefined && cases >= CASES_IN_TESTS * share) {
        expect([...counts.keys()]).toEqual(expect.arrayContaining(outcomes));
      }
    },
    LENGTH_MS,
  );
}

/** Each case has a random sequence of its own, so that it can be run alone. */
async function runCase(name: string, index: number, run: Campaign['run']): Promise<string> {
  try {
    return await run(new Random(`${FUZZ_SEED} ${name} ${index}`));
  } catch (error) {
    const again = `npm run fuzz -- --only ${name} --seed ${FUZZ_SEED} --case ${index}`;
    throw new Error(`Case ${index} failed; again by itself: ${again}\n${error}`, { cause: error });
  }
}

/** Writes a line for `npm run fuzz` to print. */
export function report(result: CampaignReport): void {
  if (FUZZ_REPORT) {
    appendFileSync(FUZZ_REPORT, `${JSON.stringify(result)}\n`);
  }
}

/** What became of a call: its value, or the code and message of its error. */
export type Settled = { value: unknown } | { code: unknown; message: string };

/** Waits for a call. What it rejects with must be an error with a code. */
export async function settle(call: () => Promise<unknown>): Promise<Settled> {
  try {
    return { value: await call() };
  } catch (thrown) {
    const error = thrown as { code?: unknown; message?: unknown };
    const isError = Object.prototype.toString.call(thrown) === '[object Error]';
    if (!isError || typeof error.code !== 'string' || error.code === 'INTERNAL') {
      throw new Error(`It threw what is no error of ours: ${inspect(thrown)}`);
    }
    return { code: error.code, message: String(error.message) };
  }
}

/** The kind of an outcome, to be counted. */
export function kindOf(settled: Settled): string {
  return 'code' in settled ? String(settled.code) : 'value';
}

function inspect(thrown: unknown): string {
  const { name, message, code } = (thrown ?? {}) as Error & { code?: unknown };
  return message === undefined ? String(thrown) : `${name} ${String(code)} ${message}`;
}

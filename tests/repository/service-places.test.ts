// A service is found in four places: its file of the catalog and of the clients, each with the list beside
// it, package.json, and its file of `tests/services`. Elsewhere code reads the catalog.
//
// Stripe, Wise and Resend are not looked for: by docs/compatibility.md they have tables and functions of
// their own. Where sources and scripts name another service, a reason stands below; tests name one where it
// is the example, or has something of its own, but hold no lists.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_CATALOG, SERVICE_DISPLAY_NAMES } from '@cgk-platform/integrations';
import { expect, test } from '@jest/globals';

const ROOT = join(__dirname, '../..');
const IDS = Object.keys(SERVICE_DISPLAY_NAMES);
const SOURCES = ['crates', 'bindings', 'npm', 'scripts'];
/** Of nine; a file with more of them has a list. */
const MOST_IN_A_TEST = 4;

const PLACES = [
  /^crates\/credentials\/src\/catalog\/services\/\w+\.rs$/,
  /^npm\/integrations\/src\/clients\/[\w-]+\.ts$/,
  /^npm\/integrations\/package\.json$/,
  /^tests\/package\.json$/,
  /^tests\/services\/\w+\.ts$/,
];

const EXCEPTIONS: Record<string, string> = {
  'npm/integrations/src/generated/': 'written from the catalog',
  'npm/integrations/src/webhooks/': 'a service that signs webhooks has a file and a line here, too',
  'npm/integrations/src/testing/vendor-answers.ts':
    'what test vaults answer, for projects of others',
  'npm/integrations/src/testing/credentials.ts': 'what test vaults store, for projects of others',
  'npm/integrations/src/storage/storage.ts':
    'getTenantMuxWebhookSecret is a function of the contract',
  'npm/integrations/src/admin/onboarding/':
    'the contract says what each step of onboarding connects',
  'scripts/lib/demonstration.mjs': 'the example of a service with a key and a secret',
};

function trackedFiles(folders: string[]): string[] {
  const output = execFileSync('git', ['ls-files', '--', ...folders], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return output
    .split('\n')
    .filter((file) => /\.(rs|[cm]?jsx?|[cm]?tsx?|json|sql|sh)$/.test(file))
    .filter((file) => !PLACES.some((place) => place.test(file)));
}

/** The services that a file names as a text or a key; in Rust, outside of its tests. */
function servicesIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const code = file.endsWith('.rs') ? text.split('#[cfg(test)]')[0] : text;
  return IDS.filter((id) => new RegExp(`['"\`]${id}['"\`]|^\\s*${id}:`, 'm').test(code ?? ''));
}

test('sources and scripts name a service in its places, or for a reason', () => {
  const found = trackedFiles(SOURCES).filter((file) => servicesIn(file).length > 0);
  const isExcepted = (file: string, path: string) => file === path || file.startsWith(`${path}/`);
  const paths = Object.keys(EXCEPTIONS).map((path) => path.replace(/\/$/, ''));
  expect(found.filter((file) => !paths.some((path) => isExcepted(file, path)))).toEqual([]);
  // A reason that is no longer needed is taken away.
  expect(paths.filter((path) => !found.some((file) => isExcepted(file, path)))).toEqual([]);
});

test('tests hold no list of services', () => {
  const lists = trackedFiles(['tests']).filter((file) => servicesIn(file).length > MOST_IN_A_TEST);
  expect(lists).toEqual([]);
});

test('every service has its file in each place', () => {
  for (const { id } of SERVICE_CATALOG) {
    readFileSync(join(ROOT, `crates/credentials/src/catalog/services/${id}.rs`));
    readFileSync(join(ROOT, `npm/integrations/src/clients/${id.replaceAll('_', '-')}.ts`));
    readFileSync(join(ROOT, `tests/services/${id}.ts`));
    readFileSync(join(ROOT, `tests/published-answers/${id}.json`));
  }
});

// Every example of every page is type-checked, run, compared with what other tests run, or looked up.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { transformSync } from '@swc/core';
import { runIn } from '../kit/fixtures';
import { type Example, examples, PAGES, ROOT, read } from './pages';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const COMPILED = ['ts', 'tsx', 'js'];

/** For all that run, each in a process with a database of its own. */
const RUN_TIMEOUT_MS = 180_000;

/** Languages of their own tests; a picture has none. */
const OTHER = ['', 'json', 'sh', 'sql'];

test('no page has an example in a language that is not checked', async () => {
  const languages = (await examples()).map(({ language }) => language);
  expect(languages.filter((language) => ![...COMPILED, ...OTHER].includes(language))).toEqual([]);
});

test('the examples type-check', async () => {
  const folder = mkdtempSync(join(__dirname, '.examples-'));
  try {
    const checked = (await examples()).filter(isCompiled);
    expect(checked.length).toBeGreaterThan(20);
    for (const [index, example] of checked.entries()) {
      const path = join(folder, nameOf(example, index));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, example.code);
    }
    writeFileSync(join(folder, 'css.d.ts'), "declare module '*.css';\n");
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings()));
    expect(await runIn(folder, process.execPath, [TSC, '-p', '.'])).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test(
  'the examples that are marked so run, and print what they say',
  async () => {
    const runnable = (await examples()).filter(({ marks }) => marks.run !== undefined);
    expect(runnable.length).toBeGreaterThan(5);
    for (const example of runnable) {
      const output = await run(example);
      expect([example.page, printed(output, example)]).toEqual([example.page, promised(example)]);
    }
  },
  RUN_TIMEOUT_MS,
);

test('the examples that are files are what these files have', async () => {
  const copies = (await examples()).filter(({ marks }) => marks.file ?? marks.lines);
  expect(copies.length).toBeGreaterThan(3);
  for (const { page, marks, code } of copies) {
    const text = withoutPath(code);
    if (marks.file) {
      expect([page, text]).toEqual([page, read(marks.file).trimEnd()]);
      continue;
    }
    const lines = read(marks.lines ?? '').split('\n');
    expect(text.split('\n').filter((line) => !lines.includes(line))).toEqual([]);
  }
});

test('docs/testing.md has the mapping of the project that tests it', () => {
  const { projects } = JSON.parse(read('tests/fixtures/jest-esm/package.json')).jest;
  const mapped = Object.entries(projects[1].moduleNameMapper);
  expect(mapped).toHaveLength(1);
  const lines = read('docs/testing.md').split(/\s+/).join(' ');
  for (const [name, path] of mapped) {
    expect(lines).toContain(`'${name}': '${path}'`);
  }
});

test('the examples in JSON can be parsed', async () => {
  for (const { language, code } of await examples()) {
    if (language === 'json') {
      expect(() => JSON.parse(code)).not.toThrow();
    }
  }
});

test('the commands of shell examples exist', async () => {
  const lines = (await examples())
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.filter((line) => !isCommand(line))).toEqual([]);
});

test('the commands that the pages name exist', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = PAGES.flatMap((page) => [...read(page).matchAll(/`npm run ([\w:]+)/g)]);
  expect(named.length).toBeGreaterThan(10);
  expect(named.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
});

function isCompiled({ language, marks }: Example): boolean {
  return COMPILED.includes(language) && !marks.file && !marks.lines;
}

/** Where an example says that it belongs, or else a name of its own. */
function nameOf({ page, language, code }: Example, index: number): string {
  const folder = page.replaceAll(/\W/g, '_');
  const path = /^\/\/ ([\w./@[\]-]+\.\w+)(:|\n)/.exec(code)?.[1] ?? `example-${index}.${language}`;
  return join(folder, path);
}

/** A host's own settings: `@/` is its folder. */
function settings(): object {
  const folders = PAGES.map((page) => `./${page.replaceAll(/\W/g, '_')}/*`);
  return {
    extends: resolve(ROOT, '.tsconfig.base.json'),
    compilerOptions: {
      allowJs: true,
      checkJs: true,
      jsx: 'react-jsx',
      module: 'esnext',
      moduleDetection: 'force',
      moduleResolution: 'bundler',
      noEmit: true,
      noUnusedLocals: false,
      paths: { '@/*': folders },
    },
    include: ['**/*'],
  };
}

/** Runs an example on a vault in memory, which it may start by itself; rejects if it fails. */
function run({ language, marks, code }: Example): Promise<string> {
  const start = "await (await import('@cgk-platform/integrations/testing')).startTestVault();\n";
  const source = (marks.run === 'alone' ? '' : start) + javaScript(code, language);
  const args = ['--input-type=module', '-e', `${source}\nprocess.exit();`];
  return runIn(resolve(__dirname, '..'), process.execPath, args);
}

function javaScript(code: string, language: string): string {
  const syntax = language === 'js' ? 'ecmascript' : 'typescript';
  return transformSync(code, { jsc: { parser: { syntax }, target: 'es2022' } }).code;
}

/** What the comments behind its calls of `console.log` say; what follows a colon explains it. */
function promised({ code }: Example): string[] {
  return [...code.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(
    ([, text = '']) => text.split(': ')[0] ?? '',
  );
}

/** The lines that an example printed, where it says what it prints. */
function printed(stdout: string, example: Example): string[] {
  return promised(example).length === 0 ? [] : stdout.trimEnd().split('\n');
}

/** An example without a first line that says which file it is. */
function withoutPath(code: string): string {
  return code.replace(/^\/\/ [\w./[\]-]+\n/, '');
}

function isCommand(line: string): boolean {
  const [program = '', ...args] = line.split(/\s+/);
  if (/^[A-Z_]+=/.test(program) || (program === 'npm' && args[0] === 'install')) {
    return true;
  }
  if (program === 'npm') {
    const name = args[0] === 'run' ? args[1] : args[0];
    return (name ?? '') in JSON.parse(read('package.json')).scripts;
  }
  if (program === 'npx' && args[0] === 'cgk-integrations') {
    const usage = ['cli', 'cli-doctor', 'cli-events', 'cli-keys', 'cli-migrate', 'cli-move'].map(
      (file) => read(`npm/integrations/src/entries/${file}.ts`),
    );
    const options = args.slice(3).filter((arg) => arg.startsWith('--'));
    return [`  ${args[1]} ${args[2]}`, ...options].every((text) => usage.join().includes(text));
  }
  return program.startsWith('scripts/') && existsSync(join(ROOT, program));
}

// A stand-in for the Vercel CLI: keeps its variables in a file and notes how it was called.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary.cjs';

const PROGRAM = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
const file = process.env.FAKE_VERCEL_STATE;
const state = JSON.parse(readFileSync(file, 'utf8'));
const args = process.argv.slice(2);
const cwd = args[args.indexOf('--cwd') + 1];
const [, action, nameOrEnvironment, environment] = args;
const call = { args, stdin: action === 'add' ? readFileSync(0, 'utf8') : '' };
state.calls.push(call);
let status = 0;
if (args[0] === 'whoami') {
  status = state.loggedIn ? 0 : 1;
} else if (state.failing.some((words) => words.every((word) => args.includes(word)))) {
  console.error('Error: the service said no to ' + call.stdin);
  status = 1;
} else if (action === 'pull') {
  const at = args[args.indexOf('--environment') + 1];
  const lines = Object.entries(state.variables)
    .filter(([key]) => key.startsWith(cwd + '|' + at + '|'))
    .map(([key, value]) => key.split('|')[2] + '="' + value + '"');
  writeFileSync(nameOrEnvironment, '# Created by Vercel CLI\\n' + lines.join('\\n') + '\\n');
  console.log('Downloaded ' + lines.join());
} else if (action === 'ls') {
  console.log(' name   value   environments   created');
  for (const [key, value] of Object.entries(state.variables)) {
    const [app, at, name] = key.split('|');
    if (app === cwd && at === nameOrEnvironment) console.log(' ' + name + '   Encrypted   ' + at + '   1d ago');
  }
} else if (action === 'add') {
  const key = [cwd, environment, nameOrEnvironment].join('|');
  if (key in state.variables && !args.includes('--force')) {
    console.error('Error: A variable with the name already exists');
    status = 1;
  } else {
    state.variables[key] = call.stdin;
  }
}
writeFileSync(file, JSON.stringify(state));
process.exitCode = status;
`;

interface State {
  loggedIn: boolean;
  /** A call fails if it has all words of one of these. */
  failing: string[][];
  /** Value by `app|environment|name`. */
  variables: Record<string, string>;
  calls: { args: string[]; stdin: string }[];
}

export class FakeVercel {
  /** To be put first on PATH. */
  readonly folder = temporaryFolder('vercel');
  readonly stateFile = join(this.folder, 'state.json');

  constructor(state: Partial<State> = {}) {
    const program = join(this.folder, 'vercel');
    writeFileSync(program, PROGRAM);
    chmodSync(program, 0o755);
    const initial: State = { loggedIn: true, failing: [], variables: {}, calls: [], ...state };
    writeFileSync(this.stateFile, JSON.stringify(initial));
  }

  get state(): State {
    return JSON.parse(readFileSync(this.stateFile, 'utf8'));
  }
}

// What is different on Node. The build makes a function of this module, with what `src/index.ts` exports: each entry
// point calls it for an instance of its own.

import { AsyncLocalStorage } from 'node:async_hooks';
import { registerPg } from '../clients/listener.js';
import { registerActorStorage } from '../events/actor.js';

registerActorStorage(() => new AsyncLocalStorage());
registerPg(async () => {
  // In a `try`: only so do bundlers accept that it is not installed.
  try {
    return await import('pg');
  } catch {
    return undefined;
  }
});

// For servers that the scripts and tests start.

import { createServer } from 'node:net';

/**
 * A loopback port that is free now: the first one from `lowest` on, or any.
 *
 * @param {number} [lowest]
 * @returns {Promise<number>}
 */
export function freePort(lowest = 0) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', (error) => {
      const isTaken = 'code' in error && error.code === 'EADDRINUSE';
      return lowest > 0 && isTaken ? resolve(freePort(lowest + 1)) : reject(error);
    });
    probe.listen(lowest, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

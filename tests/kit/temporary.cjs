// Temporary folders, all below one that the end of the run removes.

const { mkdtempSync } = require('node:fs');
const { join } = require('node:path');
const { tmpdir } = require('node:os');

/** @type {(name: string) => string} */
function temporaryFolder(name) {
  return mkdtempSync(join(process.env.TEST_TEMPORARY_FOLDER ?? tmpdir(), `${name}-`));
}

module.exports = { temporaryFolder };

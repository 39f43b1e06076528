// Bundlers cannot take an addon in, and stop at the `require` of one. File tracers see its path.

const { createRequire } = require('node:module');
const { join } = require('node:path');

module.exports = createRequire(__filename)(join(__dirname, 'integrations.darwin-arm64.node'));

// Where moto is installed, which answers as AWS does: a Python environment of its own.

const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const ENVIRONMENT = join(__dirname, '../../target/moto');

const MOTO = {
  environment: ENVIRONMENT,
  server: join(ENVIRONMENT, 'bin/moto_server'),
  requirements: join(__dirname, 'moto-requirements.txt'),
  /** A copy of the requirements that are installed. */
  stamp: join(ENVIRONMENT, 'requirements.txt'),
};

function isMotoInstalled() {
  return existsSync(MOTO.stamp) && readFileSync(MOTO.stamp).equals(readFileSync(MOTO.requirements));
}

module.exports = { MOTO, isMotoInstalled };

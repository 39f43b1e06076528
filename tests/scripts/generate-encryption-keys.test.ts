import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as vault from '@cgk-platform/integrations';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../kit/temporary.cjs';

const SCRIPT = resolve(__dirname, '../../scripts/generate-encryption-keys.sh');
const FORMAT =
  /^INTEGRATION_ENCRYPTION_KEY=([A-Za-z0-9+/]{43}=)\nSHOPIFY_TOKEN_ENCRYPTION_KEY=([0-9a-f]{64})\n$/;

/** A folder with nothing but the named programs, to be the whole PATH. */
function pathWith(programs: string[]): string {
  const folder = temporaryFolder('path');
  for (const program of programs) {
    const found = execFileSync('which', [program], { encoding: 'utf8' }).trim();
    symlinkSync(found, join(folder, program));
  }
  return folder;
}

describe('generate-encryption-keys.sh', () => {
  test('prints both variables, ready for an env file and for the vault', async () => {
    const { status, stdout, stderr } = spawnSync(SCRIPT, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const [, integration = '', shopify = ''] = FORMAT.exec(stdout) ?? [];
    expect(Buffer.from(integration, 'base64')).toHaveLength(32);
    expect(vault.isValidEncryptionKey(integration)).toBe(true);
    const token = await vault.encryptShopifyToken('shpat', shopify);
    expect(await vault.decryptShopifyToken(token, shopify)).toBe('shpat');
  });

  test('never prints the same twice', () => {
    const outputs = Array.from({ length: 5 }, () => spawnSync(SCRIPT, { encoding: 'utf8' }).stdout);
    expect(new Set(outputs).size).toBe(5);
  });

  test('finds another source where openssl is missing', () => {
    const env = { PATH: pathWith(['bash', 'env', 'head', 'base64', 'tr', 'od', 'basename']) };
    const { status, stdout } = spawnSync(SCRIPT, { encoding: 'utf8', env });
    expect(status).toBe(0);
    expect(stdout).toMatch(FORMAT);
  });

  test('prints nothing at all if the source fails', () => {
    const folder = pathWith(['bash', 'env', 'base64', 'tr', 'od', 'basename']);
    symlinkSync(
      execFileSync('which', ['false'], { encoding: 'utf8' }).trim(),
      join(folder, 'openssl'),
    );
    const { status, stdout } = spawnSync(SCRIPT, { encoding: 'utf8', env: { PATH: folder } });
    expect(status).not.toBe(0);
    expect(stdout).toBe('');
  });

  test('a file that the keys go to is closed to other users', () => {
    const file = join(temporaryFolder('keys'), '.env.local');
    writeFileSync(file, '', { mode: 0o644 });
    const { status } = spawnSync('bash', ['-c', '"$0" > "$1"', SCRIPT, file]);
    expect(status).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(FORMAT);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('explains itself and refuses arguments it does not know', () => {
    const help = spawnSync(SCRIPT, ['--help'], { encoding: 'utf8' });
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining('Usage')]);
    const wrong = spawnSync(SCRIPT, ['--print'], { encoding: 'utf8' });
    expect([wrong.status, wrong.stdout]).toEqual([2, '']);
  });
});

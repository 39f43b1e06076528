// `node scripts/smoke.mjs`: whether the addons of `npm` that this machine can load work. Needs nothing
// but Node, so that it runs in any container.

import { strictEqual } from 'node:assert';
import { createRequire } from 'node:module';
import { addonFile, builtPlatforms } from './lib/platforms.mjs';

const require = createRequire(import.meta.url);
const KEY = 'pinned-v1-master-key-0123456789abcdef';
/** Written by Node's `crypto`; see crates/crypto/src/sealer.rs. */
const TOKEN =
  '31cd1c530254c8786fcea5381c27d993:a7b124a410b04a954994ffd4106dad19:8038e54f044595209734b17043727935:f35a11632f099c05fd1d8849dc7f8baf43617a5094952f130cfd5067dc';

const ours = builtPlatforms().filter((name) =>
  name.startsWith(`${process.platform}-${process.arch}`),
);
if (ours.length === 0) {
  throw new Error(`No addon for ${process.platform}-${process.arch} has been built`);
}
for (const platform of ours) {
  const addon = require(addonFile(platform));
  strictEqual(await addon.decryptToken(TOKEN, KEY), 'sk_test_pinned_ünïcode_🔑');
  strictEqual(
    await addon.decryptToken(await addon.encryptToken('sk_test_1', KEY), KEY),
    'sk_test_1',
  );
  console.log(`${platform}: encrypts and decrypts`);
}

// A registry on loopback that has the packed packages, for projects that install them by name: in their
// .npmrc it stands for the scope alone.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { tarballOf } from './fixtures';

const PACKAGES = resolve(__dirname, '../../npm');

export interface Registry {
  /** The line of a .npmrc. */
  setting: string;
  close(): Promise<void>;
}

interface Manifest {
  name: string;
  version: string;
}

export async function startRegistry(): Promise<Registry> {
  const manifests = new Map(readManifests().map((manifest) => [manifest.name, manifest]));
  const server = createServer((request, response) => {
    const [path = '', tarball] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/-/');
    const manifest = manifests.get(path);
    if (!manifest) {
      response.writeHead(404).end('{}');
    } else if (tarball) {
      createReadStream(tarballOf(path)).pipe(response);
    } else {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(packument(manifest, url())));
    }
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    setting: `@cgk-platform:registry=${url()}/\n`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The manifests as they are packed; of what is not packed, the addons of other platforms, as they are here. */
function readManifests(): Manifest[] {
  return readdirSync(PACKAGES)
    .map((folder) => JSON.parse(readFileSync(join(PACKAGES, folder, 'package.json'), 'utf8')))
    .filter((manifest) => !manifest.private)
    .map((manifest) => {
      const file = tarballOf(manifest.name);
      return file
        ? JSON.parse(
            execFileSync('tar', ['-xOzf', file, 'package/package.json'], { encoding: 'utf8' }),
          )
        : manifest;
    });
}

/** https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function packument(manifest: Manifest, url: string) {
  const { name, version } = manifest;
  const file = tarballOf(name);
  const content = file ? readFileSync(file) : '';
  const dist = {
    tarball: `${url}/${name}/-/${version}.tgz`,
    integrity: `sha512-${createHash('sha512').update(content).digest('base64')}`,
    shasum: createHash('sha1').update(content).digest('hex'),
  };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}

// Which versions of the vendors' SDKs to install. The ranges of package.json are wider: they have every
// version that works, also those that ask for a newer Node.

/** The versions to install, and those for the oldest Node that this package runs on, where they are others. */
const VERSIONS: Record<string, { newest: string; onNode20?: string }> = {
  '@anthropic-ai/sdk': { newest: '1' },
  // From January 2027 new versions ask for Node 22.
  '@aws-sdk/client-s3': { newest: '3', onNode20: '3.1175' },
  '@easypost/api': { newest: '8' },
  '@elevenlabs/elevenlabs-js': { newest: '2' },
  '@googlemaps/google-maps-services-js': { newest: '3' },
  '@mux/mux-node': { newest: '15' },
  assemblyai: { newest: '4' },
  openai: { newest: '7', onNode20: '6' },
  resend: { newest: '6' },
  stripe: { newest: '23' },
  twilio: { newest: '6' },
};

/** What to give `npm install` for an SDK, so that it takes a version that runs on the Node at hand. */
export function installable(packageName: string): string {
  const versions = VERSIONS[packageName];
  if (!versions) {
    return packageName;
  }
  const major = Number.parseInt(globalThis.process?.versions?.node ?? '', 10);
  const version = major < 22 ? versions.onNode20 : undefined;
  return `${packageName}@${version ?? versions.newest}`;
}

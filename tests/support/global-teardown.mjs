export default async function globalTeardown() {
  const { testServer } = /** @type {{ testServer?: { stop(): Promise<void> } }} */ (globalThis);
  await testServer?.stop();
}

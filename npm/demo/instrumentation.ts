/** Runs once, before the first request: points vendors at the sandbox, where there is one. */
export async function register(): Promise<void> {
  const endpoints = process.env.INTEGRATION_ENDPOINTS;
  if (process.env.NEXT_RUNTIME === 'nodejs' && endpoints) {
    const { configureIntegrations } = await import('@cgk-platform/integrations');
    configureIntegrations({ endpoints: JSON.parse(endpoints) });
  }
}

/** What to set where a bundler took the package in, which leaves behind what lies beside its code. */
export const KEEP_BUNDLERS_OFF =
  'in Next.js use withIntegrations of …/next or serverExternalPackages, in Trigger.dev integrationsExtension of …/trigger or build.external';

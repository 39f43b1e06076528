/** The tables of a tenant, in its own schema or the one that tenants share. */
export const TABLES = [
  'tenant_stripe_config',
  'tenant_resend_config',
  'tenant_wise_config',
  'tenant_api_credentials',
  'tenant_credential_events',
  'tenant_credential_states',
];

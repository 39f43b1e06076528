export { type BackendInfo, getBackendInfo } from './backend.js';
export * from './clients/index.js';
export { closeIntegrations, configureIntegrations } from './config.js';
export * from './credentials.js';
export * from './crypto.js';
export * from './drivers.js';
export { type IntegrationError, isIntegrationError } from './errors.js';
export * from './health.js';
export * from './storage.js';
export { type TenantScope, withTenant } from './tenant-scope.js';
export * from './tenants.js';
export * from './types.js';
export {
  type CredentialInput,
  verifyTenantCredentialInput,
  verifyTenantResendCredentials,
  verifyTenantServiceCredentials,
  verifyTenantStripeCredentials,
  verifyTenantWiseCredentials,
} from './verification.js';
export * from './webhooks/index.js';
export type { WiseError } from './wise/error.js';
export type * from './wise/types.js';

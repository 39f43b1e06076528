export { type BackendInfo, getBackendInfo } from './backend/backend.js';
export { closeIntegrations, configureIntegrations } from './backend/config.js';
export * from './clients/index.js';
export type { WiseError } from './clients/wise/error.js';
export type * from './clients/wise/types.js';
export * from './drivers/index.js';
export { type IntegrationError, isIntegrationError } from './errors.js';
export {
  type CredentialChanges,
  deleteTenantCredential,
  saveTenantCredential,
} from './storage/credentials.js';
export * from './storage/crypto.js';
export * from './storage/health.js';
export * from './storage/storage.js';
export { type TenantScope, withTenant } from './storage/tenant-scope.js';
export * from './storage/tenants.js';
export * from './types.js';
export {
  type CredentialInput,
  verifyTenantCredential,
  verifyTenantCredentialInput,
  verifyTenantResendCredentials,
  verifyTenantServiceCredentials,
  verifyTenantStripeCredentials,
  verifyTenantWiseCredentials,
} from './verification/verification.js';
export * from './webhooks/index.js';

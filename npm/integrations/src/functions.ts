// What can be done with a vault. Each function takes its vault as `this` (see `vaultOf`): called
// plainly it means the default one, and `createIntegrations` binds all of them to one of its own.

export { getBackendInfo } from './backend/backend.js';
export * from './clients/index.js';
export { runAs } from './events/actor.js';
export {
  exportTenantCredentialEvents,
  listTenantCredentialEvents,
  sealTenantCredentialEvents,
  verifyTenantCredentialEvents,
} from './events/events.js';
export { deliverCredentialEvents } from './schedule/deliver.js';
export { reportVendorRefusal } from './schedule/refusal.js';
export { verifyDueCredentials } from './schedule/verify-due.js';
export { deleteTenantCredential, saveTenantCredential } from './storage/credentials.js';
export * from './storage/crypto.js';
export * from './storage/diagnosis.js';
export * from './storage/health.js';
export { getEncryptionKeyUsage, rotateEncryptionKeys } from './storage/key-rotation.js';
export { getEncryptionKeySessions } from './storage/key-sessions.js';
export { moveTenants } from './storage/move.js';
export * from './storage/storage.js';
export { deriveTenantKey } from './storage/tenant-key.js';
export { withTenant } from './storage/tenant-scope.js';
export { createTenant, listTenants, migrateTenant, migrateTenants } from './storage/tenants.js';
export {
  verifyTenantCredential,
  verifyTenantCredentialInput,
  verifyTenantResendCredentials,
  verifyTenantServiceCredentials,
  verifyTenantStripeCredentials,
  verifyTenantWiseCredentials,
} from './verification/verification.js';
export * from './webhooks/index.js';

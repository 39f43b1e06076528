export { type BackendInfo, getBackendInfo } from './backend.js';
export { closeIntegrations, configureIntegrations } from './config.js';
export * from './crypto.js';
export * from './drivers.js';
export { type IntegrationError, isIntegrationError } from './errors.js';
export * from './storage.js';
export { type TenantScope, withTenant } from './tenant-scope.js';
export * from './tenants.js';
export * from './types.js';

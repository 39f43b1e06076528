// The public list: what `@cgk-platform/integrations` exports, and `…/native` and `…/wasm`.

export type { BackendInfo } from './backend/backend.js';
export { closeIntegrations, configureIntegrations } from './backend/config.js';
export type { WiseError } from './clients/wise/error.js';
export type * from './clients/wise/types.js';
export { createIntegrations, type Integrations } from './create-integrations.js';
export * from './drivers/index.js';
export { type IntegrationError, isIntegrationError } from './errors.js';
export type {
  EventChainReport,
  EventListOptions,
  TenantCredentialEvent,
  TenantCredentialEventName,
} from './events/events.js';
export * from './functions.js';
export type {
  DeliveryContext,
  DeliveryOptions,
  DeliveryReport,
  EventSink,
  FailedDelivery,
} from './schedule/deliver.js';
export * from './schedule/sinks.js';
export type { VendorIncident } from './schedule/vendors.js';
export type { VerifyDueOptions, VerifyDueReport } from './schedule/verify-due.js';
export type { CredentialChanges } from './storage/credentials.js';
export type { FleetOptions, FleetProgress } from './storage/fleet.js';
export type {
  EncryptionKeyUsage,
  KeyRotationFailure,
  KeyRotationOptions,
  KeyRotationProgress,
  KeyRotationReport,
  UsedEncryptionKey,
} from './storage/key-rotation.js';
export type { EncryptionKeySessions } from './storage/key-sessions.js';
export type { MoveOptions, MoveReport } from './storage/move.js';
export type { TenantScope } from './storage/tenant-scope.js';
export type { MigrationFailure, MigrationReport } from './storage/tenants.js';
export * from './types.js';
export type { CredentialInput } from './verification/verification.js';

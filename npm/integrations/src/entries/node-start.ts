// What a process needs until its first decrypt. The build puts the rest of the package beside it, which the first
// call of anything else loads (`scripts/lib/vault-parts.mjs`).

export { getBackendInfo } from '../backend/backend.js';
export { isIntegrationError } from '../errors.js';
export { SERVICE_DISPLAY_NAMES, TIMESTAMP_FIELDS } from '../generated/types.js';
export * from '../storage/crypto.js';

// Written by `npm run build` from the Rust types in crates/credentials. Do not edit.

/** The services without functions of their own. */
export const SERVICE_DISPLAY_NAMES = {
  mux: 'Mux Video',
  assemblyai: 'AssemblyAI',
  cloudflare_r2: 'Cloudflare R2',
  anthropic: 'Anthropic (Claude)',
  openai: 'OpenAI',
  elevenlabs: 'ElevenLabs',
  google_maps: 'Google Maps',
  easypost: 'EasyPost Shipping',
  twilio: 'Twilio',
} as const;

/** Id of a service without functions of its own. */
export type TenantApiService = keyof typeof SERVICE_DISPLAY_NAMES;

/** All services with their categories, in the order in which they are shown. */
export const SERVICE_CATALOG = [
  { id: 'stripe', displayName: 'Stripe', category: 'Payments' },
  { id: 'wise', displayName: 'Wise', category: 'Payments' },
  { id: 'resend', displayName: 'Resend', category: 'Email' },
  { id: 'mux', displayName: 'Mux Video', category: 'Media' },
  { id: 'assemblyai', displayName: 'AssemblyAI', category: 'Media' },
  { id: 'cloudflare_r2', displayName: 'Cloudflare R2', category: 'Media' },
  { id: 'anthropic', displayName: 'Anthropic (Claude)', category: 'AI' },
  { id: 'openai', displayName: 'OpenAI', category: 'AI' },
  { id: 'elevenlabs', displayName: 'ElevenLabs', category: 'AI' },
  { id: 'google_maps', displayName: 'Google Maps', category: 'Logistics' },
  { id: 'easypost', displayName: 'EasyPost Shipping', category: 'Logistics' },
  { id: 'twilio', displayName: 'Twilio', category: 'Messaging' },
] as const;

/** The fields that cross as milliseconds and become dates. */
export const TIMESTAMP_FIELDS = ['lastVerifiedAt', 'createdAt', 'updatedAt'] as const;

/**
 * What every stored configuration has.
 */
export type BaseTenantConfig = {
  /**
   * Primary key (UUID).
   */
  id: string;
  /**
   * Slug of the tenant that the row belongs to.
   */
  tenantId: string;
  /**
   * Always true: reads see active rows only.
   */
  isActive: boolean;
  /**
   * When the vendor last accepted the stored credential.
   */
  lastVerifiedAt: Date | null;
  /**
   * What the last verification found wrong.
   */
  lastError: string | null;
  /**
   * When the row was first saved.
   */
  createdAt: Date;
  /**
   * When the row last changed.
   */
  updatedAt: Date;
};

/**
 * The kinds of Wise profile.
 */
export type WiseProfileType = 'business' | 'personal';

/**
 * A tenant's Stripe account.
 */
export type TenantStripeConfig = {
  /**
   * The secret key as a v1 token.
   */
  secretKeyEncrypted: string;
  /**
   * The publishable key, in clear.
   */
  publishableKey: string | null;
  /**
   * The webhook signing secret as a v1 token.
   */
  webhookSecretEncrypted: string | null;
  /**
   * `acct_…`, from the last verification.
   */
  stripeAccountId: string | null;
  /**
   * Account name, from the last verification.
   */
  accountName: string | null;
  /**
   * Two-letter country, from the last verification.
   */
  accountCountry: string | null;
  /**
   * Whether the keys are live keys.
   */
  livemode: boolean;
  /**
   * Whether the platform uses Stripe Connect for this tenant.
   */
  connectEnabled: boolean;
  /**
   * Stripe Connect client id.
   */
  connectClientId: string | null;
  /**
   * Primary key (UUID).
   */
  id: string;
  /**
   * Slug of the tenant that the row belongs to.
   */
  tenantId: string;
  /**
   * Always true: reads see active rows only.
   */
  isActive: boolean;
  /**
   * When the vendor last accepted the stored credential.
   */
  lastVerifiedAt: Date | null;
  /**
   * What the last verification found wrong.
   */
  lastError: string | null;
  /**
   * When the row was first saved.
   */
  createdAt: Date;
  /**
   * When the row last changed.
   */
  updatedAt: Date;
};

/**
 * A tenant's Resend account.
 */
export type TenantResendConfig = {
  /**
   * The API key as a v1 token.
   */
  apiKeyEncrypted: string;
  /**
   * Resend team, from the last verification.
   */
  resendTeamId: string | null;
  /**
   * Account name, from the last verification.
   */
  accountName: string | null;
  /**
   * Address that mail is sent from.
   */
  defaultFromEmail: string | null;
  /**
   * Name that mail is sent from.
   */
  defaultFromName: string | null;
  /**
   * Address that answers go to.
   */
  defaultReplyTo: string | null;
  /**
   * Domains that Resend has verified.
   */
  verifiedDomains: Array<string>;
  /**
   * Primary key (UUID).
   */
  id: string;
  /**
   * Slug of the tenant that the row belongs to.
   */
  tenantId: string;
  /**
   * Always true: reads see active rows only.
   */
  isActive: boolean;
  /**
   * When the vendor last accepted the stored credential.
   */
  lastVerifiedAt: Date | null;
  /**
   * What the last verification found wrong.
   */
  lastError: string | null;
  /**
   * When the row was first saved.
   */
  createdAt: Date;
  /**
   * When the row last changed.
   */
  updatedAt: Date;
};

/**
 * A tenant's Wise account.
 */
export type TenantWiseConfig = {
  /**
   * The API token as a v1 token.
   */
  apiKeyEncrypted: string;
  /**
   * Wise profile that payments are made from.
   */
  profileId: string | null;
  /**
   * Kind of that profile; anything else in the row reads as none.
   */
  profileType: WiseProfileType | null;
  /**
   * Holder of the account, from the last verification.
   */
  accountHolderName: string | null;
  /**
   * Balance that payments are made from.
   */
  sourceBalanceId: string | null;
  /**
   * Currency that payments are made in (ISO 4217).
   */
  sourceCurrency: string;
  /**
   * The webhook secret as a v1 token.
   */
  webhookSecretEncrypted: string | null;
  /**
   * Whether the key belongs to the Wise sandbox.
   */
  sandboxMode: boolean;
  /**
   * Primary key (UUID).
   */
  id: string;
  /**
   * Slug of the tenant that the row belongs to.
   */
  tenantId: string;
  /**
   * Always true: reads see active rows only.
   */
  isActive: boolean;
  /**
   * When the vendor last accepted the stored credential.
   */
  lastVerifiedAt: Date | null;
  /**
   * What the last verification found wrong.
   */
  lastError: string | null;
  /**
   * When the row was first saved.
   */
  createdAt: Date;
  /**
   * When the row last changed.
   */
  updatedAt: Date;
};

/**
 * A tenant's credential for one of the services without a table of their own.
 */
export type TenantApiCredential = {
  /**
   * Id of the service in the catalog.
   */
  serviceName: TenantApiService;
  /**
   * Name of the service as shown to people.
   */
  serviceDisplayName: string | null;
  /**
   * The API key as a v1 token.
   */
  apiKeyEncrypted: string;
  /**
   * The API secret as a v1 token.
   */
  apiSecretEncrypted: string | null;
  /**
   * Account at the vendor, from the last verification.
   */
  accountId: string | null;
  /**
   * What the service needs besides its secrets.
   */
  metadata: Record<string, unknown>;
  /**
   * Primary key (UUID).
   */
  id: string;
  /**
   * Slug of the tenant that the row belongs to.
   */
  tenantId: string;
  /**
   * Always true: reads see active rows only.
   */
  isActive: boolean;
  /**
   * When the vendor last accepted the stored credential.
   */
  lastVerifiedAt: Date | null;
  /**
   * What the last verification found wrong.
   */
  lastError: string | null;
  /**
   * When the row was first saved.
   */
  createdAt: Date;
  /**
   * When the row last changed.
   */
  updatedAt: Date;
};

/**
 * Whether a service is connected, and how it is doing.
 */
export type TenantIntegrationStatus = {
  /**
   * Id of the service in the catalog.
   */
  service: string;
  /**
   * Name of the service as shown to people.
   */
  displayName: string;
  /**
   * Whether an active credential is stored.
   */
  connected: boolean;
  /**
   * When the vendor last accepted the stored credential.
   */
  lastVerifiedAt: Date | null;
  /**
   * Whether the credential can not be used as it is.
   */
  hasError: boolean;
  /**
   * What is wrong, in plain words.
   */
  errorMessage: string | null;
  /**
   * The `code` of the error that reading the stored credential gives.
   */
  errorCode?: string;
  /**
   * What is known of the account at the vendor.
   */
  accountInfo?: Record<string, unknown>;
};

export interface TenantStripeConfigInput {
  secretKey: string;
  publishableKey?: string | null;
  webhookSecret?: string | null;
  livemode?: boolean | null;
}

export interface TenantResendConfigInput {
  apiKey: string;
  defaultFromEmail?: string | null;
  defaultFromName?: string | null;
  defaultReplyTo?: string | null;
}

export interface TenantWiseConfigInput {
  apiKey: string;
  webhookSecret?: string | null;
  sandboxMode?: boolean | null;
  sourceCurrency?: string | null;
}

export interface TenantApiCredentialInput {
  /** Id of the service in the catalog. */
  serviceName: TenantApiService;
  apiKey: string;
  apiSecret?: string | null;
  metadata?: Record<string, unknown> | null;
}

export interface StripeAccountInfo {
  accountId?: string | null;
  accountName?: string | null;
  accountCountry?: string | null;
}

export interface ResendAccountInfo {
  teamId?: string | null;
  accountName?: string | null;
  verifiedDomains?: string[] | null;
}

export interface WiseAccountInfo {
  profileId?: string | null;
  profileType?: string | null;
  accountHolderName?: string | null;
  sourceBalanceId?: string | null;
}

export interface ApiAccountInfo {
  accountId?: string | null;
}

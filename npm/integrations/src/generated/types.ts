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

/** All services, in the order in which they are shown. */
export const SERVICE_CATALOG = [
  {
    category: 'Payments',
    displayName: 'Stripe',
    endpoint: 'https://api.stripe.com',
    fields: [
      {
        hint: 'Stripe dashboard, Developers, API keys: a secret (sk_) or restricted (rk_) key',
        kind: 'secret',
        label: 'Secret key',
        name: 'secretKey',
        placeholder: 'sk_test_...',
        required: true,
      },
      {
        hint: 'Of the same mode, live or test, as the secret key',
        kind: 'text',
        label: 'Publishable key',
        name: 'publishableKey',
        placeholder: 'pk_test_...',
        required: false,
      },
      {
        hint: "Stripe dashboard, Developers, Webhooks, the endpoint's signing secret",
        kind: 'secret',
        label: 'Webhook signing secret',
        name: 'webhookSecret',
        placeholder: 'whsec_...',
        required: false,
      },
      {
        hint: 'Told by the secret key where it is left out',
        kind: 'boolean',
        label: 'Live mode',
        name: 'livemode',
        placeholder: '',
        required: false,
      },
    ],
    id: 'stripe',
    sandboxEndpoint: null,
    verification: { path: '/v1/account', permission: "Accounts: read, for the account's name" },
  },
  {
    category: 'Payments',
    displayName: 'Wise',
    endpoint: 'https://api.transferwise.com',
    fields: [
      {
        hint: 'Wise, Settings, API tokens',
        kind: 'secret',
        label: 'API token',
        name: 'apiKey',
        placeholder: '00000000-0000-0000-0000-000000000000',
        required: true,
      },
      {
        hint: "Wise's public key for webhooks (PEM), or the secret shared with a proxy that signs by HMAC",
        kind: 'secret',
        label: 'Webhook key',
        name: 'webhookSecret',
        placeholder: '-----BEGIN PUBLIC KEY-----',
        required: false,
      },
      {
        hint: "Whether the token belongs to Wise's sandbox",
        kind: 'boolean',
        label: 'Sandbox',
        name: 'sandboxMode',
        placeholder: '',
        required: false,
      },
      {
        hint: 'Payments are made in it',
        kind: 'currency',
        label: 'Currency',
        name: 'sourceCurrency',
        placeholder: 'USD',
        required: false,
      },
    ],
    id: 'wise',
    sandboxEndpoint: 'https://api.sandbox.transferwise.tech',
    verification: { path: '/v1/profiles', permission: 'read' },
  },
  {
    category: 'Email',
    displayName: 'Resend',
    endpoint: 'https://api.resend.com',
    fields: [
      {
        hint: 'Resend, API keys: sending access suffices',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 're_...',
        required: true,
      },
      {
        hint: '',
        kind: 'email',
        label: 'From address',
        name: 'defaultFromEmail',
        placeholder: 'shop@example.com',
        required: false,
      },
      {
        hint: '',
        kind: 'text',
        label: 'From name',
        name: 'defaultFromName',
        placeholder: 'Shop',
        required: false,
      },
      {
        hint: '',
        kind: 'email',
        label: 'Reply-to address',
        name: 'defaultReplyTo',
        placeholder: 'help@example.com',
        required: false,
      },
    ],
    id: 'resend',
    sandboxEndpoint: null,
    verification: {
      path: '/domains',
      permission: 'full access, for the list of domains; sending access is enough to send',
    },
  },
  {
    category: 'Media',
    displayName: 'Mux Video',
    endpoint: 'https://api.mux.com',
    fields: [
      {
        hint: 'Mux, Settings, Access tokens',
        kind: 'secret',
        label: 'Token ID',
        name: 'apiKey',
        placeholder: '00000000-0000-0000-0000-000000000000',
        required: true,
      },
      {
        hint: 'Shown once, with the token ID',
        kind: 'secret',
        label: 'Token secret',
        name: 'apiSecret',
        placeholder: '',
        required: true,
      },
      {
        hint: "Mux, Settings, Webhooks, the webhook's signing secret",
        kind: 'secret',
        label: 'Webhook signing secret',
        name: 'webhookSecret',
        placeholder: '',
        required: false,
      },
    ],
    id: 'mux',
    sandboxEndpoint: null,
    verification: { path: '/video/v1/assets?limit=1', permission: 'Mux Video: read' },
  },
  {
    category: 'Media',
    displayName: 'AssemblyAI',
    endpoint: 'https://api.assemblyai.com',
    fields: [
      {
        hint: 'AssemblyAI dashboard, API keys',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: '',
        required: true,
      },
    ],
    id: 'assemblyai',
    sandboxEndpoint: null,
    verification: { path: '/v2/transcript?limit=1', permission: 'any key' },
  },
  {
    category: 'Media',
    displayName: 'Cloudflare R2',
    endpoint: 'https://{metadata.accountId}.r2.cloudflarestorage.com',
    fields: [
      {
        hint: 'Cloudflare, R2, Manage API tokens: the S3 access key id',
        kind: 'secret',
        label: 'Access key ID',
        name: 'apiKey',
        placeholder: '',
        required: true,
      },
      {
        hint: 'Shown once, with the access key id',
        kind: 'secret',
        label: 'Secret access key',
        name: 'apiSecret',
        placeholder: '',
        required: true,
      },
      {
        hint: 'Cloudflare, R2, Overview',
        kind: 'text',
        label: 'Account ID',
        name: 'metadata.accountId',
        placeholder: '00000000000000000000000000000000',
        required: true,
      },
      {
        hint: 'Needed where the token is limited to one bucket',
        kind: 'text',
        label: 'Bucket',
        name: 'metadata.bucket',
        placeholder: 'uploads',
        required: false,
      },
    ],
    id: 'cloudflare_r2',
    sandboxEndpoint: null,
    verification: {
      path: '/',
      permission: "read of the bucket's location, or of the list of buckets where no bucket is set",
    },
  },
  {
    category: 'AI',
    displayName: 'Anthropic (Claude)',
    endpoint: 'https://api.anthropic.com',
    fields: [
      {
        hint: 'Anthropic console, API keys',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 'sk-ant-...',
        required: true,
      },
    ],
    id: 'anthropic',
    sandboxEndpoint: null,
    verification: { path: '/v1/models?limit=1', permission: 'any key' },
  },
  {
    category: 'AI',
    displayName: 'OpenAI',
    endpoint: 'https://api.openai.com',
    fields: [
      {
        hint: 'OpenAI platform, API keys',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 'sk-...',
        required: true,
      },
    ],
    id: 'openai',
    sandboxEndpoint: null,
    verification: { path: '/v1/models', permission: 'Models: read' },
  },
  {
    category: 'AI',
    displayName: 'ElevenLabs',
    endpoint: 'https://api.elevenlabs.io',
    fields: [
      {
        hint: 'ElevenLabs, Developers, API keys',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: '',
        required: true,
      },
    ],
    id: 'elevenlabs',
    sandboxEndpoint: null,
    verification: { path: '/v1/user', permission: 'User: read (user_read)' },
  },
  {
    category: 'Logistics',
    displayName: 'Google Maps',
    endpoint: 'https://places.googleapis.com',
    fields: [
      {
        hint: 'Google Cloud console, Credentials',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 'AIza...',
        required: true,
      },
    ],
    id: 'google_maps',
    sandboxEndpoint: null,
    verification: {
      path: '/v1/places/ChIJj61dQgK6j4AR4GeTYWZsWWw',
      permission: 'Places API (New), with no restriction to websites or apps',
    },
  },
  {
    category: 'Logistics',
    displayName: 'EasyPost Shipping',
    endpoint: 'https://api.easypost.com',
    fields: [
      {
        hint: 'EasyPost dashboard, API keys: production or test',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 'EZAK...',
        required: true,
      },
    ],
    id: 'easypost',
    sandboxEndpoint: null,
    verification: { path: '/v2/trackers?page_size=1', permission: 'any key, production or test' },
  },
  {
    category: 'Messaging',
    displayName: 'Twilio',
    endpoint: 'https://api.twilio.com',
    fields: [
      {
        hint: 'Twilio console, Account info',
        kind: 'secret',
        label: 'Account SID',
        name: 'apiKey',
        placeholder: 'AC00000000000000000000000000000000',
        required: true,
      },
      {
        hint: 'Twilio console, Account info',
        kind: 'secret',
        label: 'Auth token',
        name: 'apiSecret',
        placeholder: '',
        required: true,
      },
    ],
    id: 'twilio',
    sandboxEndpoint: null,
    verification: {
      path: '/2010-04-01/Accounts/{apiKey}.json',
      permission: "the account's auth token",
    },
  },
] as const;

/** Id of a service. */
export type TenantService = (typeof SERVICE_CATALOG)[number]['id'];

/** The fields that cross as milliseconds and become dates. */
export const TIMESTAMP_FIELDS = [
  'lastVerifiedAt',
  'failingSince',
  'createdAt',
  'updatedAt',
] as const;

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
   * Since when the vendor has been refusing the stored credential.
   */
  failingSince?: Date;
  /**
   * What is known of the account at the vendor.
   */
  accountInfo?: Record<string, unknown>;
  /**
   * What is stored in clear, by the name of the input field.
   */
  values?: Record<string, string | boolean>;
  /**
   * The input fields whose secrets are stored.
   */
  secretsSet?: Array<string>;
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
  webhookSecret?: string | null;
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

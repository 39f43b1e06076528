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
    categoryTitle: 'Payments',
    displayName: 'Stripe',
    endpoint: 'https://api.stripe.com',
    fields: [
      {
        choices: [],
        hint: 'Stripe dashboard, Developers, API keys: a secret (sk_) or restricted (rk_) key',
        kind: 'secret',
        label: 'Secret key',
        livePlaceholder: 'sk_live_...',
        name: 'secretKey',
        placeholder: 'sk_test_...',
        required: true,
        url: 'https://dashboard.stripe.com/apikeys',
      },
      {
        choices: [],
        hint: 'Of the same mode, live or test, as the secret key',
        kind: 'text',
        label: 'Publishable key',
        livePlaceholder: 'pk_live_...',
        name: 'publishableKey',
        placeholder: 'pk_test_...',
        required: false,
        url: 'https://dashboard.stripe.com/apikeys',
      },
      {
        choices: [],
        hint: "Stripe dashboard, Developers, Webhooks, the endpoint's signing secret",
        kind: 'secret',
        label: 'Webhook signing secret',
        name: 'webhookSecret',
        placeholder: 'whsec_...',
        required: false,
        url: 'https://dashboard.stripe.com/webhooks',
      },
      {
        choices: [],
        hint: 'The secret key decides',
        kind: 'boolean',
        label: 'Live mode',
        mode: { trueIsLive: true, whenFalse: 'Test', whenTrue: 'Live' },
        name: 'livemode',
        placeholder: '',
        required: false,
      },
    ],
    id: 'stripe',
    regionField: null,
    regions: [],
    sandboxEndpoint: null,
    verification: { path: '/v1/account', permission: "Accounts: read, for the account's name" },
  },
  {
    category: 'Payments',
    categoryTitle: 'Payments',
    displayName: 'Wise',
    endpoint: 'https://api.wise.com',
    fields: [
      {
        choices: [],
        hint: 'Wise, Settings, API tokens',
        kind: 'secret',
        label: 'API token',
        name: 'apiKey',
        placeholder: '00000000-0000-0000-0000-000000000000',
        required: true,
        url: 'https://docs.wise.com/guides/developer/auth-and-security/personal-api-token',
      },
      {
        choices: [],
        hint: "Wise's public key for webhooks; left out, the one that Wise publishes is used",
        kind: 'secret',
        label: 'Webhook key',
        multiline: true,
        name: 'webhookSecret',
        placeholder: '-----BEGIN PUBLIC KEY-----',
        required: false,
      },
      {
        choices: [],
        hint: "Whether the token belongs to Wise's sandbox",
        kind: 'boolean',
        label: 'Sandbox',
        mode: { trueIsLive: false, whenFalse: 'Live', whenTrue: 'Sandbox' },
        name: 'sandboxMode',
        placeholder: '',
        required: false,
      },
      {
        choices: [],
        hint: 'Payments are made in it',
        kind: 'currency',
        label: 'Currency',
        name: 'sourceCurrency',
        placeholder: 'USD',
        required: false,
      },
    ],
    id: 'wise',
    regionField: null,
    regions: [],
    sandboxEndpoint: 'https://api.wise-sandbox.com',
    verification: { path: '/v2/profiles', permission: 'read' },
  },
  {
    category: 'Email',
    categoryTitle: 'Email',
    displayName: 'Resend',
    endpoint: 'https://api.resend.com',
    fields: [
      {
        choices: [],
        hint: 'Resend, API keys: sending access suffices',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 're_...',
        required: true,
        url: 'https://resend.com/api-keys',
      },
      {
        choices: [],
        hint: '',
        kind: 'email',
        label: 'From address',
        name: 'defaultFromEmail',
        placeholder: 'shop@example.com',
        required: false,
      },
      {
        choices: [],
        hint: '',
        kind: 'text',
        label: 'From name',
        name: 'defaultFromName',
        placeholder: 'Shop',
        required: false,
      },
      {
        choices: [],
        hint: '',
        kind: 'email',
        label: 'Reply-to address',
        name: 'defaultReplyTo',
        placeholder: 'help@example.com',
        required: false,
      },
      {
        choices: [],
        hint: "Resend, Webhooks, the webhook's signing secret",
        kind: 'secret',
        label: 'Webhook signing secret',
        name: 'webhookSecret',
        placeholder: 'whsec_...',
        required: false,
        url: 'https://resend.com/webhooks',
      },
    ],
    id: 'resend',
    regionField: null,
    regions: [],
    sandboxEndpoint: null,
    verification: {
      path: '/domains',
      permission: 'full access, for the list of domains; sending access is enough to send',
    },
  },
  {
    category: 'Media',
    categoryTitle: 'Media',
    displayName: 'Mux Video',
    endpoint: 'https://api.mux.com',
    fields: [
      {
        choices: [],
        hint: 'Mux, Settings, Access tokens',
        kind: 'secret',
        label: 'Token ID',
        name: 'apiKey',
        placeholder: '00000000-0000-0000-0000-000000000000',
        required: true,
        url: 'https://dashboard.mux.com/settings/access-tokens',
      },
      {
        choices: [],
        hint: 'Shown once, with the token ID',
        kind: 'secret',
        label: 'Token secret',
        name: 'apiSecret',
        placeholder: '',
        required: true,
      },
      {
        choices: [],
        hint: "Mux, Settings, Webhooks, the webhook's signing secret",
        kind: 'secret',
        label: 'Webhook signing secret',
        name: 'webhookSecret',
        placeholder: '',
        required: false,
        url: 'https://dashboard.mux.com/settings/webhooks',
      },
    ],
    id: 'mux',
    regionField: null,
    regions: [],
    sandboxEndpoint: null,
    verification: { path: '/video/v1/assets?limit=1', permission: 'Mux Video: read' },
  },
  {
    category: 'Media',
    categoryTitle: 'Media',
    displayName: 'AssemblyAI',
    endpoint: 'https://api.assemblyai.com',
    fields: [
      {
        choices: [],
        hint: 'AssemblyAI dashboard, API keys',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: '',
        required: true,
        url: 'https://www.assemblyai.com/docs/account-management',
      },
      {
        choices: [],
        hint: 'The value of webhook_auth_header_value that transcripts are asked for with',
        kind: 'secret',
        label: 'Webhook header value',
        name: 'webhookSecret',
        placeholder: '',
        required: false,
      },
      {
        choices: [{ label: 'European Union', value: 'eu' }],
        hint: "Where the account's data stays; left out: United States",
        kind: 'choice',
        label: 'Region',
        name: 'metadata.region',
        placeholder: '',
        required: false,
      },
    ],
    id: 'assemblyai',
    regionField: 'metadata.region',
    regions: [{ endpoint: 'https://api.eu.assemblyai.com', label: 'European Union', value: 'eu' }],
    sandboxEndpoint: null,
    verification: { path: '/v2/transcript?limit=1', permission: 'any key' },
  },
  {
    category: 'Media',
    categoryTitle: 'Media',
    displayName: 'Cloudflare R2',
    endpoint: 'https://{metadata.accountId}.r2.cloudflarestorage.com',
    fields: [
      {
        choices: [],
        hint: 'Cloudflare, R2, Manage API tokens: the S3 access key id',
        kind: 'secret',
        label: 'Access key ID',
        name: 'apiKey',
        placeholder: '',
        required: true,
        url: 'https://developers.cloudflare.com/r2/api/tokens/',
      },
      {
        choices: [],
        hint: 'Shown once, with the access key id',
        kind: 'secret',
        label: 'Secret access key',
        name: 'apiSecret',
        placeholder: '',
        required: true,
      },
      {
        choices: [],
        hint: 'Cloudflare, R2, Overview',
        kind: 'text',
        label: 'Account ID',
        name: 'metadata.accountId',
        placeholder: '00000000000000000000000000000000',
        required: true,
        url: 'https://dash.cloudflare.com/?to=/:account/r2/overview',
      },
      {
        choices: [],
        hint: 'Needed where the token is limited to one bucket',
        kind: 'text',
        label: 'Bucket',
        name: 'metadata.bucket',
        placeholder: 'uploads',
        required: false,
      },
      {
        choices: [
          { label: 'European Union', value: 'eu' },
          { label: 'FedRAMP', value: 'fedramp' },
          { label: 'United States', value: 'us' },
        ],
        hint: 'Of the bucket, if it was made in one',
        kind: 'choice',
        label: 'Jurisdiction',
        name: 'metadata.jurisdiction',
        placeholder: '',
        required: false,
      },
    ],
    id: 'cloudflare_r2',
    regionField: 'metadata.jurisdiction',
    regions: [
      {
        endpoint: 'https://{metadata.accountId}.eu.r2.cloudflarestorage.com',
        label: 'European Union',
        value: 'eu',
      },
      {
        endpoint: 'https://{metadata.accountId}.fedramp.r2.cloudflarestorage.com',
        label: 'FedRAMP',
        value: 'fedramp',
      },
      {
        endpoint: 'https://{metadata.accountId}.us.r2.cloudflarestorage.com',
        label: 'United States',
        value: 'us',
      },
    ],
    sandboxEndpoint: null,
    verification: {
      path: '/',
      permission: "read of the bucket's objects, or of the list of buckets where no bucket is set",
    },
  },
  {
    category: 'AI',
    categoryTitle: 'AI Services',
    displayName: 'Anthropic (Claude)',
    endpoint: 'https://api.anthropic.com',
    fields: [
      {
        choices: [],
        hint: 'Anthropic console, API keys',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 'sk-ant-...',
        required: true,
        url: 'https://console.anthropic.com/settings/keys',
      },
      {
        choices: [],
        hint: "Anthropic console, Webhooks, the endpoint's signing key",
        kind: 'secret',
        label: 'Webhook signing secret',
        name: 'webhookSecret',
        placeholder: 'whsec_...',
        required: false,
      },
    ],
    id: 'anthropic',
    regionField: null,
    regions: [],
    sandboxEndpoint: null,
    verification: { path: '/v1/models?limit=1', permission: 'any key' },
  },
  {
    category: 'AI',
    categoryTitle: 'AI Services',
    displayName: 'OpenAI',
    endpoint: 'https://api.openai.com',
    fields: [
      {
        choices: [],
        hint: 'OpenAI platform, API keys',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 'sk-...',
        required: true,
        url: 'https://platform.openai.com/api-keys',
      },
      {
        choices: [],
        hint: "OpenAI platform, Settings, Webhooks, the webhook's signing secret",
        kind: 'secret',
        label: 'Webhook signing secret',
        name: 'webhookSecret',
        placeholder: 'whsec_...',
        required: false,
        url: 'https://platform.openai.com/settings/project/webhooks',
      },
      {
        choices: [],
        hint: 'For keys of a user who is in several organizations',
        kind: 'text',
        label: 'Organization',
        name: 'metadata.organization',
        placeholder: 'org-...',
        required: false,
      },
      {
        choices: [],
        hint: 'For keys of a user who is in several projects',
        kind: 'text',
        label: 'Project',
        name: 'metadata.project',
        placeholder: 'proj_...',
        required: false,
      },
      {
        choices: [
          { label: 'United States', value: 'us' },
          { label: 'Europe', value: 'eu' },
          { label: 'Australia', value: 'au' },
          { label: 'Canada', value: 'ca' },
          { label: 'Japan', value: 'jp' },
          { label: 'India', value: 'in' },
          { label: 'Singapore', value: 'sg' },
          { label: 'South Korea', value: 'kr' },
          { label: 'United Kingdom', value: 'gb' },
          { label: 'United Arab Emirates', value: 'ae' },
        ],
        hint: 'Of a project with data residency',
        kind: 'choice',
        label: 'Region',
        name: 'metadata.region',
        placeholder: '',
        required: false,
      },
    ],
    id: 'openai',
    regionField: 'metadata.region',
    regions: [
      { endpoint: 'https://us.api.openai.com', label: 'United States', value: 'us' },
      { endpoint: 'https://eu.api.openai.com', label: 'Europe', value: 'eu' },
      { endpoint: 'https://au.api.openai.com', label: 'Australia', value: 'au' },
      { endpoint: 'https://ca.api.openai.com', label: 'Canada', value: 'ca' },
      { endpoint: 'https://jp.api.openai.com', label: 'Japan', value: 'jp' },
      { endpoint: 'https://in.api.openai.com', label: 'India', value: 'in' },
      { endpoint: 'https://sg.api.openai.com', label: 'Singapore', value: 'sg' },
      { endpoint: 'https://kr.api.openai.com', label: 'South Korea', value: 'kr' },
      { endpoint: 'https://gb.api.openai.com', label: 'United Kingdom', value: 'gb' },
      { endpoint: 'https://ae.api.openai.com', label: 'United Arab Emirates', value: 'ae' },
    ],
    sandboxEndpoint: null,
    verification: { path: '/v1/models', permission: 'Models: read' },
  },
  {
    category: 'AI',
    categoryTitle: 'AI Services',
    displayName: 'ElevenLabs',
    endpoint: 'https://api.elevenlabs.io',
    fields: [
      {
        choices: [],
        hint: 'ElevenLabs, Developers, API keys',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: '',
        required: true,
        url: 'https://elevenlabs.io/app/developers/api-keys',
      },
      {
        choices: [],
        hint: 'ElevenLabs, Settings, Webhooks: shown once',
        kind: 'secret',
        label: 'Webhook secret',
        name: 'webhookSecret',
        placeholder: 'wsec_...',
        required: false,
      },
      {
        choices: [
          { label: 'United States', value: 'us' },
          { label: 'European Union', value: 'eu' },
          { label: 'India', value: 'in' },
          { label: 'Singapore', value: 'sg' },
        ],
        hint: 'Of an account with data residency',
        kind: 'choice',
        label: 'Region',
        name: 'metadata.region',
        placeholder: '',
        required: false,
      },
    ],
    id: 'elevenlabs',
    regionField: 'metadata.region',
    regions: [
      { endpoint: 'https://api.us.elevenlabs.io', label: 'United States', value: 'us' },
      { endpoint: 'https://api.eu.residency.elevenlabs.io', label: 'European Union', value: 'eu' },
      { endpoint: 'https://api.in.residency.elevenlabs.io', label: 'India', value: 'in' },
      { endpoint: 'https://api.sg.residency.elevenlabs.io', label: 'Singapore', value: 'sg' },
    ],
    sandboxEndpoint: null,
    verification: { path: '/v1/user', permission: 'User: read (user_read)' },
  },
  {
    category: 'Logistics',
    categoryTitle: 'Logistics',
    displayName: 'Google Maps',
    endpoint: 'https://places.googleapis.com',
    fields: [
      {
        choices: [],
        hint: 'Google Cloud console, Credentials',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 'AIza...',
        required: true,
        url: 'https://console.cloud.google.com/project/_/google/maps-apis/credentials',
      },
    ],
    id: 'google_maps',
    regionField: null,
    regions: [],
    sandboxEndpoint: null,
    verification: {
      path: '/v1/places/ChIJj61dQgK6j4AR4GeTYWZsWWw',
      permission: 'Places API (New), with no restriction to websites or apps',
    },
  },
  {
    category: 'Logistics',
    categoryTitle: 'Logistics',
    displayName: 'EasyPost Shipping',
    endpoint: 'https://api.easypost.com',
    fields: [
      {
        choices: [],
        hint: 'EasyPost dashboard, API keys: production or test',
        kind: 'secret',
        label: 'API key',
        name: 'apiKey',
        placeholder: 'EZAK...',
        required: true,
        url: 'https://www.easypost.com/account/api-keys',
      },
      {
        choices: [],
        hint: 'The secret that the webhook was made with',
        kind: 'secret',
        label: 'Webhook secret',
        name: 'webhookSecret',
        placeholder: '',
        required: false,
      },
    ],
    id: 'easypost',
    regionField: null,
    regions: [],
    sandboxEndpoint: null,
    verification: { path: '/v2/trackers?page_size=1', permission: 'any key, production or test' },
  },
  {
    category: 'Messaging',
    categoryTitle: 'Messaging',
    displayName: 'Twilio',
    endpoint: 'https://api.twilio.com',
    fields: [
      {
        choices: [],
        hint: 'Twilio console, Account info; or API keys and tokens, as Twilio advises',
        kind: 'secret',
        label: 'Account SID, or SID of an API key',
        name: 'apiKey',
        placeholder: 'AC00000000000000000000000000000000',
        required: true,
        url: 'https://console.twilio.com/us1/account/keys-credentials/api-keys',
      },
      {
        choices: [],
        hint: 'Twilio console, beside the SID',
        kind: 'secret',
        label: 'Auth token, or secret of the API key',
        name: 'apiSecret',
        placeholder: '',
        required: true,
      },
      {
        choices: [],
        hint: 'Needed beside an API key',
        kind: 'text',
        label: 'Account SID',
        name: 'metadata.accountSid',
        placeholder: 'AC00000000000000000000000000000000',
        required: false,
      },
      {
        choices: [],
        hint: 'Twilio signs with the auth token: needed beside an API key',
        kind: 'secret',
        label: 'Auth token for webhooks',
        name: 'webhookSecret',
        placeholder: '',
        required: false,
      },
      {
        choices: [
          { label: 'Ireland', value: 'ie1' },
          { label: 'Australia', value: 'au1' },
        ],
        hint: "Where the account's data stays; left out: United States",
        kind: 'choice',
        label: 'Region',
        name: 'metadata.region',
        placeholder: '',
        required: false,
      },
    ],
    id: 'twilio',
    regionField: 'metadata.region',
    regions: [
      { endpoint: 'https://api.dublin.ie1.twilio.com', label: 'Ireland', value: 'ie1' },
      { endpoint: 'https://api.sydney.au1.twilio.com', label: 'Australia', value: 'au1' },
    ],
    sandboxEndpoint: null,
    verification: {
      path: '/2010-04-01/Accounts/{apiKey}.json',
      permission: "the account's auth token, or an API key that may read calls",
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
   * The webhook signing secret as a v1 token; left out by schemas without its column.
   */
  webhookSecretEncrypted?: string | null;
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
   * Id of the service.
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
  webhookSecret?: string | null;
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

// Written by `npm run build` from the data in crates/credentials. Do not edit.

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

/** The fields that cross as milliseconds and become dates. */
export const TIMESTAMP_FIELDS = [
  'lastVerifiedAt',
  'failingSince',
  'createdAt',
  'updatedAt',
] as const;

/** The stable codes of errors: what each means, and what to do. */
export type IntegrationErrorCode =
  /** No usable master key is configured. Set INTEGRATION_ENCRYPTION_KEY to 32 or more characters. */
  | 'KEY_MISSING'
  /** A key of an argument, option or variable is none, or not one for this. Pass an encryption key of 32 or more characters, or 64 hexadecimal characters for Shopify. */
  | 'KEY_INVALID'
  /** No configured key has the id that a token names. Add the key that it was sealed under to INTEGRATION_ENCRYPTION_KEY_PREVIOUS. */
  | 'KEY_UNKNOWN'
  /** The function that gives the encryption key failed. Look at what it asks, such as a KMS; the next call asks it again. */
  | 'KEY_UNAVAILABLE'
  /** A stored or given token is not one. Save the credential again. */
  | 'TOKEN_FORMAT'
  /** The token was sealed under another key, or was changed. Configure the key that it was sealed under, or save the credential again. */
  | 'DECRYPTION_FAILED'
  /** Too many calls wait for their key to be derived; nothing was changed. Call again later, or ask for less at once. */
  | 'BUSY'
  /** The runtime provides no secure random numbers. Run on Node 20 or later, or on a runtime with WebCrypto. */
  | 'RANDOM_UNAVAILABLE'
  /** A tenant id is not a slug. Use 1 to 56 lower-case letters, digits and underscores. */
  | 'TENANT_INVALID'
  /** The tenant has no schema or no credential tables. Run migrateTenant, or cgk-integrations migrate. */
  | 'TENANT_NOT_FOUND'
  /** The tenant's tables are in the other layout; nothing was changed. Set the layout that has them, or run cgk-integrations move. */
  | 'TENANT_IN_OTHER_LAYOUT'
  /** A tenant cannot be moved to the other layout as it is; nothing was changed. Do what the message says, then move it again. */
  | 'MOVE_REFUSED'
  /** Events are on, and the tenant's schema has no table for them; nothing was changed. Run migrateTenant, or cgk-integrations migrate. */
  | 'EVENTS_MISSING'
  /** A service id is not in the catalog, or the function does not serve it. Use one of the ids that the message names. */
  | 'SERVICE_UNKNOWN'
  /** An input breaks rules; fields has a sentence for each wrong field. Correct the fields that the message names. */
  | 'INPUT_INVALID'
  /** An option or a connection string is wrong. Correct the option that the message names. */
  | 'CONFIG_INVALID'
  /** The tenant has no credential of the service. Connect the service first. */
  | 'NOT_CONFIGURED'
  /** A credential lacks a part that its service needs, or has it in a wrong form. Save the field that the message names. */
  | 'CREDENTIAL_INCOMPLETE'
  /** The vendor does not accept the credential. Copy it again from where the vendor shows it. */
  | 'CREDENTIAL_INVALID'
  /** The vendor accepts the credential, but something else stands in its way. Do what the message says: an address, a region, a quota, a payment or the account. */
  | 'CREDENTIAL_RESTRICTED'
  /** The credential is not allowed the call. Give it the permission at its vendor. */
  | 'PERMISSION_MISSING'
  /** The vendor limits the number of requests. Call again later, after retryAfterSeconds where it is set. */
  | 'VENDOR_RATE_LIMITED'
  /** The vendor did not answer in time. Call again later, or raise vendorTimeoutMs. */
  | 'VENDOR_TIMEOUT'
  /** No connection to the vendor. Check the network, then call again. */
  | 'VENDOR_UNREACHABLE'
  /** The vendor returned a server error. Call again later. */
  | 'VENDOR_ERROR'
  /** The vendor returned an unexpected response. Call again later, and check what stands between: proxies, firewalls. */
  | 'VENDOR_ANSWER_UNEXPECTED'
  /** The vendor refuses the request, not the credential. Correct the arguments as status and errors say. */
  | 'VENDOR_REQUEST_REFUSED'
  /** Wise refuses the request, not the credential. Correct the arguments as status and errors say. */
  | 'WISE_REQUEST_REFUSED'
  /** Wise demands strong customer authentication. Approve the request with the approvalToken. */
  | 'WISE_SCA_REQUIRED'
  /** Wise did not fund the transfer. See errors: mostly the balance does not suffice. */
  | 'WISE_FUNDING_REJECTED'
  /** The package of the vendor's SDK is not installed. Install the package that the message names. */
  | 'SDK_MISSING'
  /** The vendor's SDK does not run here. Call it on Node, or use another version. */
  | 'SDK_UNSUPPORTED'
  /** The vendor's SDK refused to make a client. Verify the credential, and check the version of the SDK. */
  | 'CLIENT_FAILED'
  /** A webhook has no usable signature. Answer 400: it does not come from the vendor. */
  | 'SIGNATURE_MISSING'
  /** A webhook's signature does not fit its body and the secret. Pass the body as it came, and compare the secret with the vendor's. */
  | 'SIGNATURE_INVALID'
  /** A webhook was signed too long ago, or in the future. Check the clock, or raise the tolerance. */
  | 'TIMESTAMP_OUTSIDE_TOLERANCE'
  /** A webhook's body is not what its vendor sends. Pass the raw body, as a string or as bytes. */
  | 'PAYLOAD_INVALID'
  /** A webhook's body is larger than maxBodyBytes. Raise maxBodyBytes if the vendor sends such. */
  | 'BODY_TOO_LARGE'
  /** A webhook was delivered before. Answer 200: its event is known. */
  | 'REPLAYED'
  /** A webhook of Wise is about another profile than the tenant's. Answer 200 and leave it to the tenant that it is for. */
  | 'PROFILE_MISMATCH'
  /** The stored webhook secret has a wrong form. Save it again. */
  | 'WEBHOOK_KEY_INVALID'
  /** No database is configured. Set POSTGRES_URL, or pass databaseUrl or driver. */
  | 'DATABASE_NOT_CONFIGURED'
  /** The function that gives the URL of a tenant's database failed. Look at what it asks; the next call asks it again. */
  | 'PLACEMENT_FAILED'
  /** The database cannot be reached, or has no free connection; nothing was changed. Check the server and POSTGRES_URL, then call again. */
  | 'DATABASE_UNAVAILABLE'
  /** The database does not accept the user or password. Correct the connection string or the server's rules. */
  | 'DATABASE_AUTHENTICATION'
  /** The database did not answer in time; nothing was changed. Look for locks, or raise statementTimeoutMs. */
  | 'DATABASE_TIMEOUT'
  /** A write was sent and its answer is lost or late: it may have happened. Read what is stored before you repeat it. */
  | 'DATABASE_OUTCOME_UNKNOWN'
  /** A deadlock, a lock, a conflict or a lack of memory; nothing was changed. Repeat the call. */
  | 'DATABASE_BUSY'
  /** The server has no room on its disk; nothing was changed. Make room, then repeat the call. */
  | 'DATABASE_FULL'
  /** The database is a replica or in recovery. Point POSTGRES_URL at the primary server. */
  | 'DATABASE_READ_ONLY'
  /** The server refused the statement for another reason; nothing was changed. Look up the SQLSTATE in the message. */
  | 'DATABASE_ERROR'
  /** The database user lacks a privilege. Grant it on the tenant's schema and tables. */
  | 'PERMISSION_DENIED'
  /** A credential table is not as the migrations make it. Run migrateTenant, or cgk-integrations migrate. */
  | 'SCHEMA_MISMATCH'
  /** The function of the tables' triggers belongs to another role. Give the function a trusted owner. */
  | 'FUNCTION_UNTRUSTED'
  /** Citus distributes the tenant's schema, and does not see what a driver makes there; nothing was changed. Run cgk-integrations migrate, which connects by itself. */
  | 'SCHEMA_DISTRIBUTED'
  /** A stored row does not have the expected shape. Save the credential again. */
  | 'STORED_DATA_INVALID'
  /** The driver answers with something other than rows of one text column. Correct the driver: see the guide to drivers. */
  | 'DRIVER_INVALID'
  /** The native addon cannot be loaded. Install the package of the platform, or use the WebAssembly module. */
  | 'ADDON_UNAVAILABLE'
  /** The WebAssembly module cannot be loaded. Deploy vault.wasm with the package. */
  | 'WASM_UNAVAILABLE'
  /** The package was loaded in a browser. Call it on the server: credentials stay there. */
  | 'RUNTIME_UNSUPPORTED'
  /** The testing helpers do not run in production. Use them in tests only. */
  | 'TESTING_REFUSED'
  /** The testing helpers are set up already. Close the former ones first. */
  | 'TESTING_RUNNING'
  /** The testing database is not installed. Install @electric-sql/pglite. */
  | 'PGLITE_MISSING'
  /** Something failed that should not. Report it, with the version and the backend. */
  | 'INTERNAL';

/** What every stored configuration has. */
export type BaseTenantConfig = {
  /** Primary key (UUID). */
  id: string;
  /** Slug of the tenant that the row belongs to. */
  tenantId: string;
  /** Always true: reads see active rows only. */
  isActive: boolean;
  /** When the vendor last accepted the stored credential. */
  lastVerifiedAt: Date | null;
  /** What the last verification found wrong. */
  lastError: string | null;
  /** When the row was first saved. */
  createdAt: Date;
  /** When the row last changed. */
  updatedAt: Date;
};

/** A tenant's Stripe account. */
export type TenantStripeConfig = {
  /** The secret key as a v1 token. */
  secretKeyEncrypted: string;
  /** The publishable key, not encrypted. */
  publishableKey: string | null;
  /** The webhook signing secret as a v1 token. */
  webhookSecretEncrypted: string | null;
  /** Whether the keys are live keys. */
  livemode: boolean;
  /** `acct_…`, from the last verification. */
  stripeAccountId: string | null;
  /** Account name, from the last verification. */
  accountName: string | null;
  /** Two-letter country, from the last verification. */
  accountCountry: string | null;
  /** Whether the platform uses Stripe Connect for this tenant. */
  connectEnabled: boolean;
  /** Stripe Connect client id. */
  connectClientId: string | null;
  /** Primary key (UUID). */
  id: string;
  /** Slug of the tenant that the row belongs to. */
  tenantId: string;
  /** Always true: reads see active rows only. */
  isActive: boolean;
  /** When the vendor last accepted the stored credential. */
  lastVerifiedAt: Date | null;
  /** What the last verification found wrong. */
  lastError: string | null;
  /** When the row was first saved. */
  createdAt: Date;
  /** When the row last changed. */
  updatedAt: Date;
};

export interface TenantStripeConfigInput {
  secretKey: string;
  publishableKey?: string | null;
  webhookSecret?: string | null;
  livemode?: boolean | null;
}

export interface StripeAccountInfo {
  accountId?: string | null;
  accountName?: string | null;
  accountCountry?: string | null;
}

/** A tenant's Resend account. */
export type TenantResendConfig = {
  /** The API key as a v1 token. */
  apiKeyEncrypted: string;
  /** Address that mail is sent from. */
  defaultFromEmail: string | null;
  /** Name that mail is sent from. */
  defaultFromName: string | null;
  /** Address that answers go to. */
  defaultReplyTo: string | null;
  /** The webhook signing secret as a v1 token; left out by schemas without its column. */
  webhookSecretEncrypted?: string | null;
  /** Resend team, from the last verification. */
  resendTeamId: string | null;
  /** Account name, from the last verification. */
  accountName: string | null;
  /** Domains that Resend has verified. */
  verifiedDomains: string[];
  /** Primary key (UUID). */
  id: string;
  /** Slug of the tenant that the row belongs to. */
  tenantId: string;
  /** Always true: reads see active rows only. */
  isActive: boolean;
  /** When the vendor last accepted the stored credential. */
  lastVerifiedAt: Date | null;
  /** What the last verification found wrong. */
  lastError: string | null;
  /** When the row was first saved. */
  createdAt: Date;
  /** When the row last changed. */
  updatedAt: Date;
};

export interface TenantResendConfigInput {
  apiKey: string;
  defaultFromEmail?: string | null;
  defaultFromName?: string | null;
  defaultReplyTo?: string | null;
  webhookSecret?: string | null;
}

export interface ResendAccountInfo {
  teamId?: string | null;
  accountName?: string | null;
  verifiedDomains?: string[] | null;
}

/** Kind of that profile; anything else in the row reads as none. */
export type WiseProfileType = 'business' | 'personal';

/** A tenant's Wise account. */
export type TenantWiseConfig = {
  /** The API token as a v1 token. */
  apiKeyEncrypted: string;
  /** The webhook secret as a v1 token. */
  webhookSecretEncrypted: string | null;
  /** Whether the key belongs to the Wise sandbox. */
  sandboxMode: boolean;
  /** Currency that payments are made in (ISO 4217). */
  sourceCurrency: string;
  /** Wise profile that payments are made from. */
  profileId: string | null;
  /** Kind of that profile; anything else in the row reads as none. */
  profileType: WiseProfileType | null;
  /** Holder of the account, from the last verification. */
  accountHolderName: string | null;
  /** Balance that payments are made from. */
  sourceBalanceId: string | null;
  /** Primary key (UUID). */
  id: string;
  /** Slug of the tenant that the row belongs to. */
  tenantId: string;
  /** Always true: reads see active rows only. */
  isActive: boolean;
  /** When the vendor last accepted the stored credential. */
  lastVerifiedAt: Date | null;
  /** What the last verification found wrong. */
  lastError: string | null;
  /** When the row was first saved. */
  createdAt: Date;
  /** When the row last changed. */
  updatedAt: Date;
};

export interface TenantWiseConfigInput {
  apiKey: string;
  webhookSecret?: string | null;
  sandboxMode?: boolean | null;
  sourceCurrency?: string | null;
}

export interface WiseAccountInfo {
  profileId?: string | null;
  profileType?: string | null;
  accountHolderName?: string | null;
  sourceBalanceId?: string | null;
}

/** A tenant's credential for one of the services without a table of their own. */
export type TenantApiCredential = {
  /** The API key as a v1 token. */
  apiKeyEncrypted: string;
  /** The API secret as a v1 token. */
  apiSecretEncrypted: string | null;
  /** What the service needs besides its secrets. */
  metadata: Record<string, unknown>;
  /** Account at the vendor, from the last verification. */
  accountId: string | null;
  /** Id of the service in the catalog. */
  serviceName: TenantApiService;
  /** Name of the service as shown to people. */
  serviceDisplayName: string | null;
  /** Primary key (UUID). */
  id: string;
  /** Slug of the tenant that the row belongs to. */
  tenantId: string;
  /** Always true: reads see active rows only. */
  isActive: boolean;
  /** When the vendor last accepted the stored credential. */
  lastVerifiedAt: Date | null;
  /** What the last verification found wrong. */
  lastError: string | null;
  /** When the row was first saved. */
  createdAt: Date;
  /** When the row last changed. */
  updatedAt: Date;
};

export interface TenantApiCredentialInput {
  /** Id of the service in the catalog. */
  serviceName: TenantApiService;
  apiKey: string;
  apiSecret?: string | null;
  metadata?: Record<string, unknown> | null;
  webhookSecret?: string | null;
}

export interface ApiAccountInfo {
  accountId?: string | null;
}

// What the tests know of one service. Each service is a file of `tests/services`; no other test lists them.

import type * as vault from '@cgk-platform/integrations';
import type { CredentialInput, TenantService } from '@cgk-platform/integrations';
import type { FakeVendor } from './fake-vendor';

/** The functions `getTenant…Client`, by the name between the two words. */
type ClientName = {
  [Name in keyof typeof vault]: Name extends `getTenant${infer Client}Client` ? Client : never;
}[keyof typeof vault];
/** What such a function gives to callers: of two signatures the first one, which mocks do not need. */
type ClientOf<Name extends ClientName> = (typeof vault)[`requireTenant${Name}Client`] extends {
  (tenantId: string): Promise<infer Client>;
  (tenantId: string): Promise<unknown>;
}
  ? Client
  : never;

export interface TestedService<Id extends TenantService = TenantService> {
  /** An input whose credential ends with a word, by which the fake vendor answers it (`BEHAVIOURS`). */
  input(word: string): CredentialInput<Id>;
  /** Fields of the input that are no secret, though the catalog hides them. */
  publicFields?: string[];
  vendor: FakeVendor;
  /** What a verification says of the account. */
  account?: object;
  /** Inputs that the service's rules refuse, and what of the message says so. */
  refused?: [input: object, sentence: string][];
  /** Its client; `client` makes one from its name. */
  client: TestedClient;
  sdk?: TestedSdk;
  /** What its client does by HTTP alone. */
  withoutSdk?: {
    /** Calls on `client`, and what of their results is known. */
    calls: [call: string, result: unknown][];
    /** A call whose failures have the vendor's status. */
    failing?: string;
    /** A member that only the SDK has. */
    sdkMember: string;
  };
  webhook?: TestedWebhook;
}

/** Where a call runs: on the edge commands must be of the same copy of the SDK as the client. */
export interface CallContext {
  onEdge: boolean;
  s3: typeof import('@aws-sdk/client-s3');
}

interface ClientTraits<Client> {
  /** A call of the vendor's real SDK; on the edge, of ours in the place of two. */
  call(client: Client, context: CallContext): Promise<unknown>;
  /** What of the call's result is known. */
  result: unknown;
  /** What the vendor is asked by the call, where it is another thing on the edge, too. */
  request: string;
  requestOnEdge?: string;
  /** Its SDK does not run on the edge, and it has no other client. */
  needsNode?: boolean;
  /** A member of the SDK that the client has on Node only. */
  memberOnNode?: string;
  /** Where the client sends its requests; for services with regions. */
  host?(client: Client): Promise<string> | string;
  /** Asks for a path, which may not be a URL of another host. */
  get?(client: Client, path: string): Promise<unknown>;
  /** What the refusal of such a URL says. */
  refusal?: string;
  /** Variables that the SDK reads, all majors, as its sources name them. */
  environment?: Record<string, string>;
}

export type TestedClient = { name: ClientName } & ClientTraits<never>;

/** A client's traits, which see the client's own type. */
export function client<Name extends ClientName>(
  name: Name,
  traits: ClientTraits<ClientOf<Name>>,
): TestedClient {
  return { name, ...traits };
}

/** The SDK in the oldest and the newest version of its range. */
export interface TestedSdk {
  package: string;
  oldest: string;
  newest: string;
  /** A call on `client` that every major has, and what it gives. */
  call: string;
  result: unknown;
}

export type SentHeaders = Record<string, string>;

/** Webhooks as the vendor sends them, signed by its own SDK or by the library of its scheme. */
export interface TestedWebhook {
  /** The secret that the tenant stores; another one. */
  secret: string;
  otherSecret: string;
  /** A body of this vendor. */
  body: string;
  /** The URL that is asked for, where it is signed. */
  url?: string;
  /** The headers that come with a body. */
  headers(body: string, secret: string, at: Date): SentHeaders;
  /** Whether the vendor's SDK takes it, where it has a function for that. */
  accepts?(body: string, headers: SentHeaders, secret: string): Promise<boolean>;
  /** Seconds that the signed time may be off; absent where no time is signed. */
  toleranceSeconds?: number;
  /** The signature does not cover the body. */
  signsNoBody?: boolean;
  /** The header with signatures in hexadecimal digits, and their name in it. */
  hexHeader?: [header: string, scheme: string];
  /** The header with a list of signatures. */
  listHeader?: string;
}

import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { signer } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';

const R2_ACCOUNT = '0123456789abcdef0123456789abcdef';
const KEYS = { apiKey: 'id', apiSecret: 'secret' };

const cloudflareR2: TestedService<'cloudflare_r2'> = {
  input: (word) => ({
    apiKey: `access-${word}`,
    apiSecret: 'r2-secret',
    metadata: { accountId: R2_ACCOUNT },
  }),
  vendor: {
    credential: signer('r2-secret'),
    answers: { ...VENDOR_ANSWERS.cloudflare_r2, 'HEAD /media/a.txt': 'Hello' },
    wrong: [403, '<Error><Code>SignatureDoesNotMatch</Code></Error>'],
    restricted: [403, '<Error><Code>AccessDenied</Code></Error>'],
  },
  refused: [
    [{ ...KEYS, apiKey: 'a'.repeat(64) }, 'this is the secret access key'],
    [{ ...KEYS, apiSecret: 'a'.repeat(32) }, 'this is an access key ID'],
    [{ ...KEYS, apiKey: 'oops_'.repeat(8) }, 'this is a Cloudflare API token'],
    [{ ...KEYS, metadata: { accountId: 'oops.example/' } }, 'hexadecimal digits'],
    [{ ...KEYS, metadata: { bucket: '../oops' } }, 'lower-case letters'],
  ],
  client: client('CloudflareR2', {
    // On the edge its SDK reads no XML, and so no lists.
    call: (client, { onEdge, s3 }) =>
      onEdge
        ? client.send(new s3.HeadObjectCommand({ Bucket: 'media', Key: 'a.txt' }))
        : client.send(new s3.ListBucketsCommand({})),
    result: { $metadata: { httpStatusCode: 200 } },
    request: 'GET /?x-id=ListBuckets',
    requestOnEdge: 'HEAD /media/a.txt',
    host: async ({ config }) => {
      const { protocol, hostname } = (await config.endpoint?.()) ?? {};
      return `${protocol}//${hostname}`;
    },
    environment: {
      AWS_ACCESS_KEY_ID: 'poison',
      AWS_SECRET_ACCESS_KEY: 'poison',
      AWS_SESSION_TOKEN: 'poison',
      AWS_ACCOUNT_ID_ENDPOINT_MODE: 'poison',
      AWS_AUTH_SCHEME_PREFERENCE: 'poison',
      AWS_CONFIG_FILE: '/poison',
      AWS_DEFAULTS_MODE: 'poison',
      AWS_DEFAULT_REGION: 'poison',
      AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'poison',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1/poison',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1/poison',
      AWS_MAX_ATTEMPTS: 'poison',
      AWS_PROFILE: 'poison',
      AWS_REGION: 'poison',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'poison',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'poison',
      AWS_RETRY_MODE: 'poison',
      AWS_S3_DISABLE_EXPRESS_SESSION_AUTH: 'poison',
      AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS: 'poison',
      AWS_S3_USE_ARN_REGION: 'poison',
      AWS_SDK_UA_APP_ID: 'poison',
      AWS_SHARED_CREDENTIALS_FILE: '/poison',
      AWS_SIGV4A_SIGNING_REGION_SET: 'poison',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_USE_FIPS_ENDPOINT: 'true',
    },
  }),
  sdk: {
    package: '@aws-sdk/client-s3',
    oldest: '3.0.0',
    newest: '3.1175.0',
    call: "client.send(new (await import('@aws-sdk/client-s3')).ListBucketsCommand({}))",
    result: { $metadata: { httpStatusCode: 200 } },
  },
};

export default cloudflareR2;

// What leaves a client besides its requests, with the oldest SDKs that callers have: the same as of the
// current ones.

import { describeSecrets } from '../kit/client-secrets';

describeSecrets(['stripe', 'resend', 'mux']);

import { WITH_CLIENT } from '../kit/client-calls';
import { describeSecrets } from '../kit/client-secrets';

describeSecrets(WITH_CLIENT);

// The admin pages: `@cgk-platform/integrations/admin`. For browsers and server rendering; they reach
// the vault through the routes only.

export { CredentialsPage } from './credentials-page.js';
export { ConfigurePaymentsStep } from './onboarding/configure-payments-step.js';
export { ConnectIntegrationsStep } from './onboarding/connect-integrations-step.js';
export type {
  AdminPageProps,
  CredentialsPageProps,
  OnboardingStepProps,
  SampleInputs,
} from './types.js';

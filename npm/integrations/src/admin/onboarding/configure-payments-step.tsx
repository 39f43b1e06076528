import type { ReactElement } from 'react';
import type { OnboardingStepProps } from '../types.js';
import { OnboardingStep } from './onboarding-step.js';

/**
 * Step 4 of a tenant's onboarding: Stripe, of live or test mode, validated against Stripe; and
 * Wise, which is optional. Coming back shows what was saved.
 */
export function ConfigurePaymentsStep(props: OnboardingStepProps): ReactElement {
  return (
    <OnboardingStep
      {...props}
      title="Configure Payments"
      description="Connect Stripe to take payments. With Wise you can pay out to bank accounts abroad."
      services={['stripe', 'wise']}
      required="stripe"
    />
  );
}

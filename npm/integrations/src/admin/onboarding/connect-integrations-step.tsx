import type { ReactElement } from 'react';
import type { OnboardingStepProps } from '../types.js';
import { OnboardingStep } from './onboarding-step.js';

/**
 * Step 5 of a tenant's onboarding: Resend, Mux, AssemblyAI and Anthropic, all optional. Coming back
 * shows what was saved.
 */
export function ConnectIntegrationsStep(props: OnboardingStepProps): ReactElement {
  return (
    <OnboardingStep
      {...props}
      title="Connect Integrations"
      description="Connect the services for e-mail, video, transcripts and text that this tenant uses. More can be connected in the settings at any time."
      services={['resend', 'mux', 'assemblyai', 'anthropic']}
    />
  );
}

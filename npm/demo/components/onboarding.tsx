'use client';

import {
  ConfigurePaymentsStep,
  ConnectIntegrationsStep,
  type SampleInputs,
} from '@cgk-platform/integrations/admin';
import { useRouter } from 'next/navigation';
import type { Step } from '../lib/onboarding-steps';

const PAGES = {
  4: { Page: ConfigurePaymentsStep, next: '/onboarding/5' },
  5: { Page: ConnectIntegrationsStep, next: '/admin/settings/integrations/credentials' },
};

interface OnboardingProps {
  step: Step['number'];
  samples: SampleInputs | undefined;
}

export function Onboarding({ step, samples }: OnboardingProps) {
  const router = useRouter();
  const { Page, next } = PAGES[step];
  const goOn = () => router.push(next);
  return <Page samples={samples} signInHref="/sign-in" onContinue={goOn} onSkip={goOn} />;
}

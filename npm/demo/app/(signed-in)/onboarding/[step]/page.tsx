import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Onboarding } from '../../../../components/onboarding';
import { findStep, STEPS } from '../../../../lib/onboarding-steps';
import { samples } from '../../../../lib/samples';
import { requireUser } from '../../../../lib/session';

interface StepProps {
  params: Promise<{ step: string }>;
}

export async function generateMetadata({ params }: StepProps): Promise<Metadata> {
  const step = findStep((await params).step);
  return step ? { title: `Onboarding: ${step.title}` } : {};
}

export default async function OnboardingPage({ params }: StepProps) {
  await requireUser();
  const step = findStep((await params).step) ?? notFound();
  return (
    <>
      <nav aria-label="Steps of the onboarding" className="steps">
        {STEPS.map(({ number, title }) => (
          <Link
            key={number}
            href={`/onboarding/${number}`}
            aria-current={number === step.number ? 'step' : undefined}
          >
            <span className="step-number">Step {number}</span>
            {title}
          </Link>
        ))}
      </nav>
      <Onboarding key={step.number} step={step.number} samples={samples()} />
    </>
  );
}

/** The steps of a tenant's onboarding that are about credentials; the platform has the others. */
export const STEPS = [
  { number: 4, title: 'Configure Payments' },
  { number: 5, title: 'Connect Integrations' },
] as const;

export type Step = (typeof STEPS)[number];

/** The step with this number, as it stands in a path. */
export function findStep(number: string): Step | undefined {
  return STEPS.find((step) => String(step.number) === number);
}

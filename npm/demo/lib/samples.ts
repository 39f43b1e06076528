import type { SampleInputs } from '@cgk-platform/integrations/admin';

/** What the forms offer while vendors are faked by a sandbox. */
export function samples(): SampleInputs | undefined {
  const text = process.env.INTEGRATION_SAMPLES;
  return text ? JSON.parse(text) : undefined;
}

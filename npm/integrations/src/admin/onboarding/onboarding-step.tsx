import { type ReactNode, useCallback, useState } from 'react';
import { AdminRoot } from '../admin-root.js';
import type { ServiceStatuses } from '../api.js';
import { findServices } from '../catalog.js';
import { PageHeading } from '../page-heading.js';
import { StatusesGate } from '../statuses-gate.js';
import type { OnboardingStepProps } from '../types.js';
import { Button } from '../ui/button.js';
import { Notice } from '../ui/notice.js';
import { OnboardingService } from './onboarding-service.js';

interface StepProps extends OnboardingStepProps {
  title: string;
  description: ReactNode;
  /** Ids of the services, in the order in which they are shown. */
  services: readonly string[];
  /** Id of the service without which the step is not done. */
  required?: string;
}

/** A step of the onboarding in which services are connected. */
export function OnboardingStep({ title, description, services, required, ...props }: StepProps) {
  return (
    <AdminRoot {...props}>
      <PageHeading title={title}>{description}</PageHeading>
      <StatusesGate>
        {(statuses) => (
          <Services ids={services} required={required} statuses={statuses} {...props} />
        )}
      </StatusesGate>
    </AdminRoot>
  );
}

interface ServicesProps extends OnboardingStepProps {
  ids: readonly string[];
  required: string | undefined;
  statuses: ServiceStatuses;
}

function Services({ ids, required, statuses, onContinue, onSkip }: ServicesProps) {
  const services = findServices(ids);
  const [dirty, setDirty] = useState<readonly string[]>([]);
  const [objection, setObjection] = useState<string>();
  const noteDirty = useCallback((id: string, isDirty: boolean) => {
    setDirty((ids) => [...ids.filter((other) => other !== id), ...(isDirty ? [id] : [])]);
    setObjection(undefined);
  }, []);
  const goOn = () => {
    const nameOf = (id: string) => services.find((service) => service.id === id)?.displayName;
    const [unsaved] = dirty;
    if (unsaved !== undefined) {
      setObjection(`What you entered for ${nameOf(unsaved)} is not saved yet: save or cancel it.`);
    } else if (required !== undefined && !statuses[required]) {
      setObjection(`Connect ${nameOf(required)} first, or skip this step for now.`);
    } else {
      onContinue();
    }
  };
  return (
    <>
      <div className="cgk:flex cgk:flex-col cgk:gap-3">
        {services.map((service) => (
          <OnboardingService
            key={service.id}
            service={service}
            status={statuses[service.id]}
            note={service.id === required ? '' : 'Optional'}
            startsOpen={service.id === required}
            onDirtyChange={noteDirty}
          />
        ))}
      </div>
      <div className="cgk:mt-6 cgk:flex cgk:flex-col cgk:gap-3">
        {objection !== undefined && (
          <Notice tone="warning" urgent>
            {objection}
          </Notice>
        )}
        <div className="cgk:flex cgk:flex-wrap cgk:justify-end cgk:gap-2">
          <Button size="medium" variant="ghost" onClick={onSkip}>
            Skip for Now
          </Button>
          <Button size="medium" variant="primary" onClick={goOn}>
            Continue
          </Button>
        </div>
      </div>
    </>
  );
}

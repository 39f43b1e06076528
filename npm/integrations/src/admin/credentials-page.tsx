import { Tabs } from 'radix-ui';
import type { ReactElement } from 'react';
import { AdminRoot } from './admin-root.js';
import type { ServiceStatuses } from './api.js';
import { CATEGORIES, type Category } from './catalog.js';
import { HealthSection } from './health-section.js';
import { PageHeading } from './page-heading.js';
import { ServiceCard } from './service-card.js';
import { StatusesGate } from './statuses-gate.js';
import type { CredentialsPageProps } from './types.js';

/**
 * The page on which a tenant's admin connects, updates, verifies and disconnects services.
 *
 * Needs the style sheet `@cgk-platform/integrations/admin.css`.
 */
export function CredentialsPage(props: CredentialsPageProps): ReactElement {
  return (
    <AdminRoot {...props}>
      <PageHeading title="Integration credentials">
        Connect the services that this tenant uses. We verify each credential with the vendor before
        saving it. Credentials are stored encrypted.
      </PageHeading>
      <StatusesGate>
        {(statuses) => (
          <div className="cgk:flex cgk:flex-col cgk:gap-8">
            <ServiceTabs statuses={statuses} />
            <HealthSection />
          </div>
        )}
      </StatusesGate>
    </AdminRoot>
  );
}

function ServiceTabs({ statuses }: { statuses: ServiceStatuses }) {
  return (
    <Tabs.Root defaultValue={CATEGORIES[0]?.id ?? ''}>
      <Tabs.List
        aria-label="Kinds of services"
        className="cgk:mb-4 cgk:flex cgk:flex-wrap cgk:gap-1 cgk:border-b cgk:border-border cgk:pb-2"
      >
        {CATEGORIES.map((category) => (
          <CategoryTab key={category.id} category={category} statuses={statuses} />
        ))}
      </Tabs.List>
      {CATEGORIES.map(({ id, title, services }) => (
        <Tabs.Content key={id} value={id} className="cgk:rounded-lg">
          <h2 className="cgk:sr-only">{title}</h2>
          <div className="cgk:flex cgk:flex-col cgk:gap-3">
            {services.map((service) => (
              <ServiceCard key={service.id} service={service} status={statuses[service.id]} />
            ))}
          </div>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}

function CategoryTab({ category, statuses }: { category: Category; statuses: ServiceStatuses }) {
  const { id, title, services } = category;
  const connected = services.filter((service) => statuses[service.id]);
  const needsAttention = services.some((service) => statuses[service.id]?.hasError);
  return (
    <Tabs.Trigger
      value={id}
      className="cgk:flex cgk:h-8 cgk:items-center cgk:gap-2 cgk:rounded-md cgk:px-3 cgk:text-[0.8125rem] cgk:font-medium cgk:text-muted-foreground cgk:transition-colors cgk:hover:text-foreground cgk:data-[state=active]:bg-muted cgk:data-[state=active]:text-foreground"
    >
      {title}
      <span aria-hidden className="cgk:text-xs cgk:font-normal cgk:text-muted-foreground">
        {connected.length}/{services.length}
      </span>
      {needsAttention && (
        <span aria-hidden className="cgk:size-1.5 cgk:rounded-full cgk:bg-destructive" />
      )}
      <span className="cgk:sr-only">
        {`, ${connected.length} of ${services.length} connected${needsAttention ? ', needs attention' : ''}`}
      </span>
    </Tabs.Trigger>
  );
}

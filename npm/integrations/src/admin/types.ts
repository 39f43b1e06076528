/** Inputs that the button "Use sandbox key" puts in a form, by service. */
export type SampleInputs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Props that all pages share. */
export interface AdminPageProps {
  /** Where the routes of `createCredentialRoutes` are. Default `/api/admin/integrations`. */
  apiBase?: string | undefined;
  /** Where a user whose session has ended signs in again; opens in a new tab. */
  signInHref?: string | undefined;
  /**
   * Inputs of a sandbox by service, in the form of the save functions. Each of these services gets
   * a button that puts them in its form. For demonstrations; leave it out in production.
   */
  samples?: SampleInputs | undefined;
  /** Class names for the outermost element. */
  className?: string | undefined;
}

/** Props of `CredentialsPage`. */
export type CredentialsPageProps = AdminPageProps;

/** Props of `ConfigurePaymentsStep` and `ConnectIntegrationsStep`. */
export interface OnboardingStepProps extends AdminPageProps {
  /** The user is done with this step. */
  onContinue: () => void;
  /** The user wants to do this step later. What was saved stays saved. */
  onSkip: () => void;
}

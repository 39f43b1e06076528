import { createContext, useContext } from 'react';
import type { CredentialsApi } from './api.js';
import type { SampleInputs } from './types.js';

/** What all parts of a page share. */
export interface AdminContext {
  api: CredentialsApi;
  samples: SampleInputs;
  signInHref: string | undefined;
  /** Where dialogs are put: within the page, so that its theme applies to them. */
  portal: HTMLElement | null;
  /** Has screen readers read an outcome, and shows it for some seconds unless the page does. */
  announce: (message: string, how?: 'seen' | 'heard') => void;
  /** The time, in milliseconds since 1970; moves on every half minute. */
  now: number;
}

const Context = createContext<AdminContext | undefined>(undefined);

export const AdminContextProvider = Context.Provider;

export function useAdmin(): AdminContext {
  const context = useContext(Context);
  if (!context) {
    throw new Error('This component belongs inside AdminRoot');
  }
  return context;
}

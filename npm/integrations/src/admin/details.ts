import type { ServiceStatus } from './api.js';
import type { CatalogService } from './catalog.js';

/** A line of what is known of a connected service. */
export interface Detail {
  label: string;
  value: string;
}

/** What the vendor says of the account, and what is stored unencrypted. */
export function detailsOf(service: CatalogService, status: ServiceStatus): Detail[] {
  return [...accountDetails(service, status), ...storedDetails(service, status)];
}

function accountDetails({ fields }: CatalogService, { accountInfo = {} }: ServiceStatus): Detail[] {
  return Object.entries(accountInfo)
    .filter(([name]) => !fields.some((field) => field.name === name))
    .map(([name, value]) => ({ label: labelOf(name), value: textOf(value) }))
    .filter(({ value }) => value !== '');
}

function storedDetails({ fields }: CatalogService, { values }: ServiceStatus): Detail[] {
  return fields
    .filter(({ kind }) => kind !== 'secret' && kind !== 'boolean')
    .map(({ label, name, choices }) => {
      const choice = choices.find(({ value }) => value === values[name]);
      return { label, value: choice?.label ?? textOf(values[name]) };
    })
    .filter(({ value }) => value !== '');
}

/** `accountHolderName` as "Account holder name", `teamId` as "Team ID". */
function labelOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ');
  const text = words.replace(/\bid\b/, 'ID').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text of a plain value or a list of such; of anything else, nothing. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(textOf).filter(Boolean).join(', ');
  }
  if (typeof value === 'boolean') {
    return value ? 'Yes' : 'No';
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

// Where tenants have their tables: each in a schema of its own, or all in one.

import { integrationError } from '../errors.js';
import type { IntegrationsOptions, Layout } from '../types.js';
import { environmentVariable } from './environment.js';

/** The layout as the Rust core takes it. */
export interface CoreTables {
  layout: Layout;
  /** The schema of the tables that tenants share. */
  sharedSchema: string;
}

const LAYOUTS: readonly string[] = ['schema', 'shared'];
const DEFAULT_SHARED_SCHEMA = 'vault';

/** Not those of PostgreSQL, of tenants and of platforms. */
const SHARED_SCHEMA = /^(?!tenant_|pg_|public$|information_schema$)[a-z_][a-z0-9_]{0,62}$/;

/** The layout of now; throws `CONFIG_INVALID` where a variable of the environment is wrong. */
export function tablesOf(options: IntegrationsOptions): CoreTables {
  const layout = options.layout ?? (variable('INTEGRATION_LAYOUT') as Layout | undefined);
  const sharedSchema = options.sharedSchema ?? variable('INTEGRATION_SHARED_SCHEMA');
  const problem = layoutProblem(layout, sharedSchema, [
    'INTEGRATION_LAYOUT',
    'INTEGRATION_SHARED_SCHEMA',
  ]);
  if (problem) {
    throw integrationError('CONFIG_INVALID', problem);
  }
  return { layout: layout ?? 'schema', sharedSchema: sharedSchema ?? DEFAULT_SHARED_SCHEMA };
}

/** What is wrong with a layout or the name of a schema, if they are given. */
export function layoutProblem(
  layout: string | undefined,
  sharedSchema: string | undefined,
  [layoutName, schemaName]: [string, string] = ['layout', 'sharedSchema'],
): string | undefined {
  if (layout !== undefined && !LAYOUTS.includes(layout)) {
    return `${layoutName} must be one of ${LAYOUTS.join(', ')}`;
  }
  if (sharedSchema !== undefined && !SHARED_SCHEMA.test(sharedSchema)) {
    return `${schemaName} must be 1 to 63 lower-case letters, digits and underscores, and not the name of another schema`;
  }
  return undefined;
}

/** A variable of the environment; an empty one counts as not set. */
function variable(name: string): string | undefined {
  return environmentVariable(name)?.trim() || undefined;
}

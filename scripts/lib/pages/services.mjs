// The generated part of docs/services.md: what the catalog says of each service.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../run.mjs';
import { table } from './markdown.mjs';

/** @typedef {typeof import('../../../npm/integrations/src/generated/catalog.js').SERVICE_CATALOG[number]} Service */
/** @typedef {Service['fields'][number]} Field */

const PACKAGE = join(ROOT, 'npm/integrations');

/** @returns {Promise<string>} a table of all services, and the fields of each */
export async function servicesPart() {
  const { href } = pathToFileURL(join(PACKAGE, 'dist/index.mjs'));
  /** @type {{ SERVICE_CATALOG: readonly Service[] }} */
  const { SERVICE_CATALOG } = await import(href);
  const { peerDependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const services = [...SERVICE_CATALOG];
  return [
    table(
      ['service', 'id', 'category', 'SDK', 'verification asks', 'permission that it needs'],
      services.map((service) => row(service, peerDependencies)),
    ),
    ...services.map(fieldsOf),
  ].join('\n\n');
}

/**
 * @param {Service} service
 * @param {Record<string, string>} ranges
 */
function row({ id, displayName, categoryTitle, endpoint, verification }, ranges) {
  const sdk = sdkOf(id);
  const host = endpoint.replace('https://', '');
  return [
    `[${displayName}](#${displayName
      .toLowerCase()
      .replace(/[^a-z0-9 ]/g, '')
      .replaceAll(' ', '-')})`,
    `\`${id}\``,
    categoryTitle,
    sdk ? `\`${sdk}\` \`${ranges[sdk]}\`` : 'none',
    `\`${host}${verification.path}\``,
    verification.permission,
  ];
}

/**
 * The package that the client of a service imports.
 *
 * @param {string} id
 */
function sdkOf(id) {
  return /\bawait import\('([^'.]+)'\)/.exec(clientOf(id))?.[1];
}

/**
 * The functions that give the client of a service.
 *
 * @param {string} id
 */
function clientFunctionsOf(id) {
  const functions = clientOf(id).matchAll(
    /^export async function ((?:get|require)Tenant\w+Client)\(/gm,
  );
  return [...functions].map(([, name]) => `\`${name}\``).join(', ');
}

/**
 * The source of the client of a service.
 *
 * @param {string} id
 */
function clientOf(id) {
  return readFileSync(join(PACKAGE, `src/clients/${id.replaceAll('_', '-')}.ts`), 'utf8');
}

/** @param {Service} service */
function fieldsOf({ id, displayName, fields, regions, sandboxEndpoint }) {
  const parts = [
    `### ${displayName}`,
    `Client: ${clientFunctionsOf(id)}.`,
    table(
      ['field', 'label', 'kind', 'required', 'where to find it, what it is for'],
      fields.map(field),
    ),
  ];
  if (sandboxEndpoint) {
    parts.push(`With a sandbox credential, calls go to \`${sandboxEndpoint}\`.`);
  }
  if (regions.length > 0) {
    const rows = regions.map(({ value, label, endpoint }) => [
      `\`${value}\``,
      label,
      `\`${endpoint}\``,
    ]);
    parts.push(table(['region', 'where', 'calls go to'], rows));
  }
  return parts.join('\n\n');
}

/** @param {Field} field */
function field({ name, label, kind, required, hint, choices, placeholder }) {
  const values = [...choices].map(({ value }) => `\`${value}\``).join(', ');
  const example = placeholder && kind === 'secret' ? `\`${placeholder}\`` : '';
  return [
    `\`${name}\``,
    label,
    values ? `one of ${values}` : kind,
    required ? 'yes' : '',
    [hint, example].filter((text) => text !== '').join('; '),
  ];
}

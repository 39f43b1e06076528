// docs/api.md: what the entry points of the npm package export, from the declarations that are built.

import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Node, Project } from 'ts-morph';
import { ROOT } from '../run.mjs';
import { headingLink } from './markdown.mjs';

/** @import { ExportedDeclarations, JSDoc } from 'ts-morph' */

/** @typedef {{ name: string, declarations: ExportedDeclarations[] }} Export */

const DIST = join(ROOT, 'npm/integrations/dist');
const PACKAGE = '@cgk-platform/integrations';

const ENTRIES = [
  {
    entry: 'index',
    title: `\`${PACKAGE}\``,
    about: `\`${PACKAGE}/native\` and \`${PACKAGE}/wasm\` export the same, always on the addon and always on WebAssembly.`,
  },
  {
    entry: 'routes',
    title: `\`${PACKAGE}/routes\``,
    about: 'The handlers of the admin API: [admin.md](admin.md).',
  },
  {
    entry: 'admin',
    title: `\`${PACKAGE}/admin\``,
    about: `The pages, for React: [admin.md](admin.md). \`${PACKAGE}/admin.css\` is their style sheet.`,
  },
  {
    entry: 'testing',
    title: `\`${PACKAGE}/testing\``,
    about: 'A vault in memory for tests: [testing.md](testing.md).',
  },
  {
    entry: 'next',
    title: `\`${PACKAGE}/next\``,
    about: 'For the configuration of Next.js: [deploying.md](deploying.md).',
  },
  {
    entry: 'trigger',
    title: `\`${PACKAGE}/trigger\``,
    about: 'For the configuration of Trigger.dev: [deploying.md](deploying.md).',
  },
];

/** What a function is about, by the start of its file's path. */
const AREAS = [
  ['storage/tenants', 'Tenants'],
  ['storage/crypto', 'Tokens'],
  ['storage/tenant-key', 'Tokens'],
  ['storage/health', 'Status and health'],
  ['storage/', 'Stored credentials'],
  ['clients/', 'Clients'],
  ['verification/', 'Verification'],
  ['webhooks/', 'Webhooks'],
  ['drivers/', 'Drivers'],
  ['', 'Functions'],
];
const GROUPS = [...new Set(AREAS.map(([, title]) => title)), 'Values', 'Types'];

/** @returns {string} the page */
export function apiPage() {
  const sections = readEntries().map(({ title, about, exports }) => section(title, about, exports));
  return [
    '# API',
    'Every export of the package, with the comments of its source. `npm run docs` writes this page from the built declarations; do not edit it.',
    ...sections,
  ].join('\n\n');
}

/**
 * The entries, and what each exports.
 *
 * @throws if the package has not been built
 */
export function readEntries() {
  if (!existsSync(join(DIST, 'index.d.ts'))) {
    throw new Error('The package has not been built: run "npm run build"');
  }
  const project = new Project({
    compilerOptions: { moduleResolution: 100, skipLibCheck: true },
    skipAddingFilesFromTsConfig: true,
  });
  return ENTRIES.map((entry) => {
    const file = project.addSourceFileAtPath(join(DIST, `${entry.entry}.d.ts`));
    project.resolveSourceFileDependencies();
    return { ...entry, exports: exportsOf(file) };
  });
}

/**
 * What an entry exports, less the types of vendors' SDKs.
 *
 * @param {import('ts-morph').SourceFile} file
 * @returns {Export[]}
 */
function exportsOf(file) {
  return [...file.getExportedDeclarations()]
    .map(([name, declarations]) => ({ name, declarations: declarations.filter(isOurs) }))
    .filter(({ declarations }) => declarations.length > 0)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * @param {string} title
 * @param {string} about
 * @param {Export[]} exports
 */
function section(title, about, exports) {
  const groups = GROUPS.map((group) => ({
    group,
    members: exports.filter((exported) => groupOf(exported) === group),
  })).filter(({ members }) => members.length > 0);
  const contents = groups.map(
    ({ group, members }) =>
      `**${group}**: ${members.map(({ name }) => headingLink(name)).join(', ')}`,
  );
  const entries = groups.flatMap(({ members }) => members.map(entryOf));
  return [`## ${title}`, about, ...contents, ...entries].join('\n\n');
}

/**
 * The area of a function, or the kind of anything else.
 *
 * @param {Export} exported
 */
function groupOf({ declarations: [first] }) {
  if (Node.isVariableDeclaration(first)) {
    return 'Values';
  }
  if (!Node.isFunctionDeclaration(first)) {
    return 'Types';
  }
  const path = pathOf(first);
  return AREAS.find(([start = '']) => path.startsWith(start))?.[1] ?? '';
}

/** @param {Export} exported */
function entryOf({ name, declarations }) {
  const signatures = declarations.map((declaration) => signature(name, declaration));
  const comments = declarations.flatMap((declaration) => commentsOf(declaration));
  return [`### ${name}`, ...comments, `\`\`\`ts\n${signatures.join('\n')}\n\`\`\``].join('\n\n');
}

/**
 * @param {string} name
 * @param {ExportedDeclarations} declaration
 */
function signature(name, declaration) {
  if (Node.isVariableDeclaration(declaration)) {
    const type = declaration.getTypeNode()?.getText() ?? '';
    return type.includes('\n') ? `const ${name}` : `const ${name}: ${type}`;
  }
  return declaration.getText().replace(/^export (declare )?/, '');
}

/**
 * @param {ExportedDeclarations} declaration
 * @returns {string[]} paragraphs
 */
function commentsOf(declaration) {
  const documented = Node.isVariableDeclaration(declaration)
    ? declaration.getVariableStatement()
    : declaration;
  if (!documented || !Node.isJSDocable(documented)) {
    return [];
  }
  return documented.getJsDocs().slice(-1).flatMap(paragraphsOf);
}

/** @param {JSDoc} comment */
function paragraphsOf(comment) {
  const tags = comment.getTags().map((tag) => {
    const text = tag.getCommentText() ?? '';
    return Node.isJSDocParameterTag(tag)
      ? `- \`${tag.getName()}\`: ${text}`
      : `- _${tag.getTagName()}_ ${text}`;
  });
  return [comment.getCommentText() ?? '', tags.join('\n')].filter((text) => text !== '');
}

/** @param {Node} node */
function isOurs(node) {
  const path = pathOf(node);
  return !path.startsWith('..') && !path.includes('node_modules/');
}

/**
 * The path of the file that has a declaration.
 *
 * @param {Node} node
 */
function pathOf(node) {
  return relative(DIST, node.getSourceFile().getFilePath()).replaceAll(sep, '/');
}

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

const KINDS = [
  { title: 'Functions', has: isFunction },
  { title: 'Values', has: Node.isVariableDeclaration },
  {
    title: 'Types',
    has: (/** @type {Node} */ node) => !isFunction(node) && !Node.isVariableDeclaration(node),
  },
];

/**
 * @returns {string} the page
 * @throws if the package has not been built
 */
export function apiPage() {
  if (!existsSync(join(DIST, 'index.d.ts'))) {
    throw new Error('The package has not been built: run "npm run build"');
  }
  const project = new Project({
    compilerOptions: { moduleResolution: 100, skipLibCheck: true },
    skipAddingFilesFromTsConfig: true,
  });
  const sections = ENTRIES.map(({ entry, title, about }) => {
    const file = project.addSourceFileAtPath(join(DIST, `${entry}.d.ts`));
    project.resolveSourceFileDependencies();
    return section(title, about, exportsOf(file));
  });
  return [
    '# API',
    'Every export of the package, with the comments of its source. `npm run docs` writes this page from the built declarations; do not edit it.',
    ...sections,
  ].join('\n\n');
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
  const kinds = KINDS.map((kind) => ({
    title: kind.title,
    members: exports.filter(({ declarations: [first] }) => first && kind.has(first)),
  })).filter(({ members }) => members.length > 0);
  const contents = kinds.map(({ title: kind, members }) => {
    const links = members.map(({ name }) => headingLink(name));
    return `${kind}: ${links.join(', ')}`;
  });
  const entries = kinds.flatMap(({ members }) => members.map(entryOf));
  return [`## ${title}`, about, ...contents, ...entries].join('\n\n');
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
function isFunction(node) {
  return Node.isFunctionDeclaration(node);
}

/** @param {Node} node */
function isOurs(node) {
  const path = relative(DIST, node.getSourceFile().getFilePath());
  return !path.startsWith('..') && !path.split(sep).includes('node_modules');
}

// What esbuild says of a bundle, without writing it.

/**
 * @param {typeof import('esbuild')} esbuild
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<string[]>} the names that a module exports
 */
export async function exportsOf(esbuild, options) {
  const { outputs } = await metadataOf(esbuild, options);
  const [output] = Object.values(outputs).filter(({ entryPoint }) => entryPoint);
  return output?.exports ?? [];
}

/**
 * @param {typeof import('esbuild')} esbuild
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<import('esbuild').Metafile['inputs']>} the files of a bundle
 */
export async function inputsOf(esbuild, options) {
  return (await metadataOf(esbuild, options)).inputs;
}

/**
 * @param {typeof import('esbuild')} esbuild
 * @param {import('esbuild').BuildOptions} options
 */
async function metadataOf(esbuild, options) {
  const built = await esbuild.build({ ...options, format: 'esm', write: false, metafile: true });
  return built.metafile;
}

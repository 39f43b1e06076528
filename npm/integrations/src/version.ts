declare const PACKAGE_VERSION: string;

/** Version of this package; the build puts it in. */
export const VERSION = PACKAGE_VERSION;

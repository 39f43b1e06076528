// What the build puts in. Written out in each place, so that it also leaves out what cannot be reached.

/** Version of this package. */
declare const PACKAGE_VERSION: string;

/** Whether these are the modules for edge runtimes, or else those for Node. */
declare const IS_EDGE_BUILD: boolean;

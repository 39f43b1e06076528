/**
 * What an SDK adds to a client: its own type, or nothing where it is not installed.
 *
 * SDKs are optional peers. In the declarations of this package an import of one that is missing is no
 * error but the type `any` (`scripts/lib/declarations.mjs`), which alone takes any value.
 */
export type Installed<Sdk> = [0] extends [1 & Sdk] ? unknown : Sdk;

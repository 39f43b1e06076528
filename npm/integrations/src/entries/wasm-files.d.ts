// What bundlers for edge runtimes make of a WebAssembly file: a compiled module.

declare module '*/vault.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*/vault.wasm?module' {
  const module: WebAssembly.Module;
  export default module;
}

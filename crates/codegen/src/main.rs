//! `cgk-codegen types FILE` writes the TypeScript types;
//! `cgk-codegen wasm MODULE DIRECTORY` writes the JavaScript glue of a WebAssembly module.
//!
//! The generator is a library of this workspace so that it always has the version of `wasm-bindgen`.

mod types;

use std::error::Error;
use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

/// The generator declares the module as a bundler sees it, but not the glue itself.
const GLUE_TYPES: &str = "export * from './vault.js';
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["types", file] => Ok(std::fs::write(file, types::source())?),
        ["wasm", module, directory] => write_glue(Path::new(module), Path::new(directory)),
        _ => Err("usage: cgk-codegen types FILE | cgk-codegen wasm MODULE DIRECTORY".into()),
    }
}

fn write_glue(module: &Path, directory: &Path) -> Result<(), Box<dyn Error>> {
    // The bundler target is the one whose glue can be instantiated by hand on every runtime.
    Bindgen::new()
        .input_path(module)
        .out_name("vault")
        .bundler(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(directory)?;
    std::fs::write(directory.join("vault_bg.d.ts"), GLUE_TYPES)?;
    Ok(())
}

//! `cgk-codegen types DIRECTORY` writes the TypeScript types and what the package takes of the catalog;
//! `cgk-codegen errors FILE` writes the codes of errors as JSON, for the documentation;
//! `cgk-codegen wasm MODULE DIRECTORY` writes the JavaScript glue of a WebAssembly module.
//!
//! The generator is a library of this workspace so that it always has the version of `wasm-bindgen`.

mod catalog;
mod errors;
mod types;

use std::error::Error;
use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

/// The generator declares the module as a bundler sees it, but not the glue itself.
const GLUE_TYPES: &str = "import type * as vault from './vault.js';
/** Makes the glue of one instance: the functions it imports and those it exports. */
export function createGlue(): typeof vault & {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
};
";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["types", directory] => write_types(Path::new(directory)),
        ["errors", file] => Ok(std::fs::write(file, errors::list())?),
        ["wasm", module, directory] => write_glue(Path::new(module), Path::new(directory)),
        _ => Err("usage: cgk-codegen types DIRECTORY | errors FILE | wasm MODULE DIRECTORY".into()),
    }
}

fn write_types(directory: &Path) -> Result<(), Box<dyn Error>> {
    for (name, text) in types::sources() {
        std::fs::write(directory.join(name), text)?;
    }
    Ok(())
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
    let glue = directory.join("vault_bg.js");
    std::fs::write(&glue, into_factory(&std::fs::read_to_string(&glue)?))?;
    std::fs::write(directory.join("vault_bg.d.ts"), GLUE_TYPES)?;
    Ok(())
}

/// Makes a function of the glue, which is a module that remembers one instance: an instance that
/// failed needs a successor with a state of its own.
fn into_factory(module: &str) -> String {
    let exported = |line: &str| {
        let declaration = line.strip_prefix("export ")?;
        let (_, name) = declaration.split_once(' ')?;
        Some(name.split(['(', ' ']).next()?.to_owned())
    };
    let names: Vec<String> = module.lines().filter_map(exported).collect();
    let body: Vec<&str> =
        module.lines().map(|line| line.strip_prefix("export ").unwrap_or(line)).collect();
    format!(
        "export function createGlue() {{\n{}\nreturn {{ {} }};\n}}\n",
        body.join("\n"),
        names.join(", ")
    )
}

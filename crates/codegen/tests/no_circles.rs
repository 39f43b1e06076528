//! No circle among the files of a crate: a reader of one file can read those below it without
//! coming back. What is compiled for tests only may point anywhere.

// Whatever is not as expected fails the test.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, UseTree, Visibility};

/// A path of names: of a module, or of what one names in it.
type Names = Vec<String>;

/// What one file names.
#[derive(Default)]
struct File {
    /// What a name of a `use` stands for.
    aliases: BTreeMap<String, Names>,
    /// Paths that make it depend on others. What it only hands on does not.
    paths: Vec<Names>,
    /// Modules of its own that are compiled for tests only.
    test_modules: Vec<String>,
}

/// The files of one crate by module; the root has no names.
struct Crate(BTreeMap<Names, File>);

#[test]
fn no_crate_has_a_circle_of_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seen = BTreeSet::new();
    for folder in ["crates", "bindings"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let sources = entry.unwrap().path().join("src");
            if !sources.is_dir() {
                continue;
            }
            let name =
                sources.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            let krate = Crate::read(&sources);
            assert_eq!(krate.circle(), None, "{name}");
            // A crate of several files whose files do not know each other was not understood.
            assert!(
                krate.0.len() < 3 || krate.edges().values().any(|found| !found.is_empty()),
                "{name}"
            );
            seen.insert(name);
        }
    }
    for name in ["crypto", "credentials", "postgres", "codegen", "node", "wasm"] {
        assert!(seen.contains(name), "{name}");
    }
}

#[test]
fn a_circle_is_found_through_what_modules_hand_on() {
    let circle = Crate::of(&[
        ("", "mod a; mod b; pub use b::B;"),
        ("a", "pub use one::One; mod one;"),
        ("a::one", "use crate::B; pub struct One(B);"),
        ("b", "use crate::a; pub struct B; fn f() -> Option<a::One> { None }"),
    ])
    .circle();
    assert_eq!(circle.unwrap(), ["a::one", "b", "a::one"]);
}

#[test]
fn a_circle_is_found_inside_macros_and_between_parent_and_child() {
    let circle = Crate::of(&[
        ("", "mod a;"),
        ("a", "mod one; pub struct A; fn f() { println!(\"{}\", one::NAME); }"),
        ("a::one", "use super::A; pub const NAME: &str = \"\"; fn g(_: A) {}"),
    ])
    .circle();
    assert_eq!(circle.unwrap(), ["a", "a::one", "a"]);
}

#[test]
fn what_is_for_tests_makes_no_circle() {
    let circle = Crate::of(&[
        ("", "mod a; mod b;"),
        ("a", "pub struct A; #[cfg(test)] mod tests { use crate::b::B; }"),
        ("b", "use crate::a::A; pub struct B(A);"),
    ])
    .circle();
    assert_eq!(circle, None);
}

impl Crate {
    fn read(sources: &Path) -> Self {
        let mut texts = Vec::new();
        collect(sources, &mut Vec::new(), &mut texts);
        Self::parse(texts.iter().map(|(module, text)| (module.clone(), text.as_str())))
    }

    fn of(files: &[(&str, &str)]) -> Self {
        Self::parse(files.iter().map(|(module, text)| (names_of(module), *text)))
    }

    fn parse<'a>(files: impl Iterator<Item = (Names, &'a str)>) -> Self {
        let files = files.map(|(module, text)| {
            let mut reader = Reader::default();
            reader.visit_file(&syn::parse_file(text).unwrap());
            (module, reader.file)
        });
        let mut files: BTreeMap<Names, File> = files.collect();
        let of_tests: BTreeSet<Names> = files
            .iter()
            .flat_map(|(module, file)| file.test_modules.iter().map(|name| child(module, name)))
            .collect();
        files.retain(|module, _| !of_tests.contains(module));
        Self(files)
    }

    /// The files that each file depends on.
    fn edges(&self) -> BTreeMap<&Names, BTreeSet<Names>> {
        let edges = self.0.iter().map(|(module, file)| {
            let found = file.paths.iter().filter_map(|path| self.find(module, path, 0));
            (module, found.filter(|found| found != module).collect())
        });
        edges.collect()
    }

    /// The file in which a path of a module ends; `None` outside the crate.
    fn find(&self, module: &Names, path: &[String], depth: usize) -> Option<Names> {
        assert!(depth < 20, "{module:?} {path:?}");
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.descend(&Vec::new(), rest, depth),
            "self" => self.descend(module, rest, depth),
            "super" => {
                let parent = module.split_last().map_or(&[][..], |(_, parent)| parent).to_vec();
                match rest.first().map(String::as_str) {
                    Some("super") => self.find(&parent, rest, depth + 1),
                    _ => self.descend(&parent, rest, depth),
                }
            }
            name if self.0.contains_key(&child(module, name)) => self.descend(module, path, depth),
            name => {
                let alias = self.0.get(module)?.aliases.get(name)?;
                // A name may stand for itself: that of another crate.
                if alias.first() == Some(first) {
                    return None;
                }
                self.find(module, &[alias, rest].concat(), depth + 1)
            }
        }
    }

    fn descend(&self, module: &Names, path: &[String], depth: usize) -> Option<Names> {
        let Some((first, rest)) = path.split_first() else { return Some(module.clone()) };
        let below = child(module, first);
        if self.0.contains_key(&below) {
            return self.descend(&below, rest, depth);
        }
        match self.0.get(module)?.aliases.get(first) {
            Some(alias) => self.find(module, &[alias, rest].concat(), depth + 1),
            None => Some(module.clone()),
        }
    }

    /// One circle, if there is any.
    fn circle(&self) -> Option<Vec<String>> {
        let edges = self.edges();
        let mut done = BTreeSet::new();
        edges.keys().find_map(|start| walk(start, &edges, &mut Vec::new(), &mut done))
    }
}

fn walk(
    module: &Names,
    edges: &BTreeMap<&Names, BTreeSet<Names>>,
    way: &mut Vec<Names>,
    done: &mut BTreeSet<Names>,
) -> Option<Vec<String>> {
    if let Some(start) = way.iter().position(|before| before == module) {
        let circle = way.iter().skip(start).chain([module]);
        return Some(circle.map(|names| names.join("::")).collect());
    }
    if !done.insert(module.clone()) {
        return None;
    }
    way.push(module.clone());
    let found =
        edges.get(module).into_iter().flatten().find_map(|next| walk(next, edges, way, done));
    way.pop();
    found
}

/// Reads the paths of one file.
#[derive(Default)]
struct Reader {
    file: File,
}

impl Visit<'_> for Reader {
    fn visit_item(&mut self, item: &Item) {
        let is_for_tests = match item {
            Item::Mod(item) => has_cfg_test(&item.attrs),
            Item::Use(item) => has_cfg_test(&item.attrs),
            Item::Fn(item) => has_cfg_test(&item.attrs),
            _ => false,
        };
        match item {
            Item::Mod(item) if is_for_tests => self.file.test_modules.push(item.ident.to_string()),
            _ if is_for_tests => {}
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_item_use(&mut self, item: &ItemUse) {
        let is_handed_on = !matches!(item.vis, Visibility::Inherited);
        self.read_use(&item.tree, &mut Vec::new(), is_handed_on);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        self.file.paths.push(path.segments.iter().map(|part| part.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    /// `pub(super)` makes nothing depend on its parent.
    fn visit_visibility(&mut self, _: &Visibility) {}

    fn visit_macro(&mut self, found: &Macro) {
        self.read_tokens(found.tokens.clone());
        visit::visit_macro(self, found);
    }
}

impl Reader {
    fn read_use(&mut self, tree: &UseTree, before: &mut Names, is_handed_on: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.read_use(&path.tree, before, is_handed_on);
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_use(tree, before, is_handed_on);
                }
            }
            UseTree::Name(name) => self.import(&name.ident, &name.ident, before, is_handed_on),
            UseTree::Rename(name) => self.import(&name.ident, &name.rename, before, is_handed_on),
            // Of an enum, whose file a path of its own names.
            UseTree::Glob(_) => self.file.paths.push(before.clone()),
        }
    }

    fn import(
        &mut self,
        name: &syn::Ident,
        alias: &syn::Ident,
        before: &[String],
        is_handed_on: bool,
    ) {
        let mut path = before.to_vec();
        let mut alias = alias.to_string();
        if name == "self" {
            if alias == "self" {
                alias = path.last().cloned().unwrap_or_default();
            }
        } else {
            path.push(name.to_string());
        }
        if !is_handed_on {
            self.file.paths.push(path.clone());
        }
        self.file.aliases.insert(alias, path);
    }

    /// Names joined by `::`.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path = Names::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.file.paths.push(std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Group(group) => {
                    self.read_tokens(group.stream());
                    self.file.paths.push(std::mem::take(&mut path));
                }
                _ => self.file.paths.push(std::mem::take(&mut path)),
            }
        }
        self.file.paths.push(path);
    }
}

fn has_cfg_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

fn collect(folder: &Path, module: &mut Names, texts: &mut Vec<(Names, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            module.push(name);
            collect(&path, module, texts);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_root = matches!(name.as_str(), "lib" | "main" | "mod");
            let module = if is_root { module.clone() } else { child(module, &name) };
            texts.push((module, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn child(module: &Names, name: &str) -> Names {
    let mut child = module.clone();
    child.push(name.to_owned());
    child
}

fn names_of(module: &str) -> Names {
    module.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

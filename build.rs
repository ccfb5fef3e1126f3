//! Turns `graphql/` into Rust types, one module per operation, through graphql_client's generator.
//!
//! The derive macro of graphql_client reads one self-contained file per operation. Here fragments are
//! shared between files (an event looks the same however it was asked for), so each operation is
//! handed to the same generator together with exactly the fragments it reaches. That text is also
//! what is sent: an operation that Meetup stops accepting does not take the others down.
//!
//! The generator writes the types of fragments and of inputs anew into every operation's module. They
//! are lifted from there into one module `shared`, each once, and the operations use them from it.
//!
//! Why this is safe: the generator names a fragment's types after the fragment and its fields, and
//! writes them from fragment and schema alone, with the same options for all operations; which operation
//! reached it does not matter. That is checked, not believed. In a module the operation's own types are
//! `Variables` and all from `ResponseData` on; every other public type is lifted. The build fails when a
//! lifted type differs by one token between two operations, when an operation has a type of its own by
//! the name of a lifted one (it would hide it), and when a fragment that an operation reaches was not
//! lifted, as it would be if another version of the generator wrote in another order.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use graphql_client_codegen::{
    CodegenMode, GraphQLClientCodegenOptions, generate_module_token_stream_from_string,
};
use quote::ToTokens;
use syn::{Item, Visibility};

type Failure = Box<dyn Error + Send + Sync>;

const SCHEMA: &str = "schema/meetup.graphql";
const OPERATIONS: &str = "graphql";

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed={OPERATIONS}");
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let schema = root.join(SCHEMA);
    let definitions = definitions(&root.join(OPERATIONS))?;
    let enums = enums(&fs::read_to_string(&schema)?);

    let mut rust = String::new();
    // Enumerations stay text: a value that Meetup adds tomorrow decodes and is kept as it came.
    for name in &enums {
        writeln!(rust, "type {name} = String;")?;
    }
    let mut shared = Shared::default();
    for operation in definitions.iter().filter(|one| one.is_operation) {
        let reached = reached(operation, &definitions)?;
        let text = with_fragments(operation, &reached);
        let tokens = generate_module_token_stream_from_string(&text, &schema, options(&enums))?;
        let mut generated: syn::File = syn::parse2(tokens)?;
        for item in &mut generated.items {
            if let Item::Mod(module) = item
                && let Some((_, items)) = &mut module.content
            {
                *items = shared.lift(&operation.name, std::mem::take(items))?;
            }
        }
        shared.check_has(&operation.name, &reached)?;
        rust += &generated.to_token_stream().to_string();
        rust.push('\n');
    }
    rust += &shared.module()?;
    // Name and text of each, to find out what of the API they use.
    rust.push_str("pub(crate) const ALL: &[(&str, &str)] = &[");
    for operation in definitions.iter().filter(|one| one.is_operation) {
        let module = snake_case(&operation.name);
        write!(rust, "({module}::OPERATION_NAME, {module}::QUERY),")?;
    }
    rust.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("operations.rs"), rust)?;
    Ok(())
}

/// The same for every operation: what the generator writes of a fragment may depend on nothing else.
fn options(enums: &[String]) -> GraphQLClientCodegenOptions {
    let mut options = GraphQLClientCodegenOptions::new(CodegenMode::Cli);
    options.set_extern_enums(enums.to_vec());
    options.set_skip_serializing_none(true);
    options.set_module_visibility(Visibility::Public(syn::token::Pub::default()));
    options.set_response_derives("Debug".to_owned());
    options
}

/// What more than one operation may use: the types of fragments and of inputs, each once.
#[derive(Default)]
struct Shared {
    /// The imports and aliases (`Int`, `ID`) that the types are written with.
    preamble: BTreeSet<String>,
    /// By name, with the operation that had it first.
    types: BTreeMap<String, (String, String)>,
    /// The operations' own types by name, with the operation.
    own: BTreeMap<String, String>,
}

impl Shared {
    /// Takes what can be shared out of an operation's module, and returns the rest.
    fn lift(&mut self, operation: &str, items: Vec<Item>) -> Result<Vec<Item>, Failure> {
        let mut kept = vec![syn::parse_str("use super::shared::*;")?];
        let mut is_answer = false;
        for item in items {
            let (name, is_public) = match &item {
                Item::Struct(it) => (it.ident.to_string(), is_public(&it.vis)),
                Item::Enum(it) => (it.ident.to_string(), is_public(&it.vis)),
                Item::Type(it) => (it.ident.to_string(), is_public(&it.vis)),
                Item::Use(_) => (String::new(), false),
                _ => {
                    kept.push(item);
                    continue;
                }
            };
            let text = item.to_token_stream().to_string();
            is_answer |= name == "ResponseData";
            if !is_public {
                self.preamble.insert(text);
                kept.push(item);
            } else if is_answer || name == "Variables" {
                self.own.insert(name, operation.to_owned());
                kept.push(item);
            } else if let Some((other, first)) = self.types.get(&name) {
                if *first != text {
                    return Err(format!(
                        "{other} and {operation} disagree about {name}:\n{first}\n{text}"
                    )
                    .into());
                }
            } else {
                self.types.insert(name, (operation.to_owned(), text));
            }
        }
        Ok(kept)
    }

    /// Every fragment that an operation reaches must have been lifted.
    fn check_has(&self, operation: &str, reached: &[&Definition]) -> Result<(), Failure> {
        let missing = |one: &&&Definition| !self.types.contains_key(&one.name);
        reached.iter().find(missing).map_or(Ok(()), |one| {
            Err(format!("{operation}: no type {} before ResponseData", one.name).into())
        })
    }

    /// The module `shared`, which stands beside the operations' modules.
    fn module(&self) -> Result<String, Failure> {
        let mut rust = String::from("pub mod shared {\n");
        for text in &self.preamble {
            // What it means by `super` is the same here.
            rust += text;
            rust.push('\n');
        }
        for (name, (_, text)) in &self.types {
            if let Some(operation) = self.own.get(name) {
                return Err(
                    format!("{operation} has a type {name} that hides a shared one").into(),
                );
            }
            rust += text;
            rust.push('\n');
        }
        rust.push_str("}\n");
        Ok(rust)
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// An operation or a fragment: its name and its text, with comments and needless space removed.
struct Definition {
    is_operation: bool,
    name: String,
    text: String,
}

/// Everything that stands in the folder's files.
fn definitions(folder: &Path) -> Result<Vec<Definition>, Failure> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    files.sort();
    let mut found: Vec<Definition> = Vec::new();
    for file in files {
        for line in fs::read_to_string(file)?.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let keyword = words.next().unwrap_or_default();
            if matches!(keyword, "query" | "fragment") {
                found.push(Definition {
                    is_operation: keyword == "query",
                    name: words.next().unwrap_or_default().to_owned(),
                    text: String::new(),
                });
            }
            if let Some(last) = found.last_mut().filter(|_| !line.trim().is_empty()) {
                last.text += line.trim();
                last.text.push(' ');
            }
        }
    }
    Ok(found)
}

/// Every fragment that an operation reaches, each once.
fn reached<'a>(
    operation: &'a Definition,
    definitions: &'a [Definition],
) -> Result<Vec<&'a Definition>, Failure> {
    let mut reached: Vec<&Definition> = Vec::new();
    let mut pending = vec![operation];
    while let Some(definition) = pending.pop() {
        for spread in definition.text.split("...").skip(1) {
            let name: String = spread
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let fragment = definitions
                .iter()
                .find(|one| !one.is_operation && one.name == name)
                .ok_or_else(|| format!("{}: no fragment {name}", definition.name))?;
            if !reached.iter().any(|one| one.name == name) {
                reached.push(fragment);
                pending.push(fragment);
            }
        }
    }
    Ok(reached)
}

/// The operation's text followed by these fragments.
fn with_fragments(operation: &Definition, fragments: &[&Definition]) -> String {
    let fragments = fragments.iter().map(|one| one.text.as_str());
    let text: String = std::iter::once(operation.text.as_str())
        .chain(fragments)
        .collect();
    text.trim_end().to_owned()
}

/// `GroupEvents` is the module `group_events`.
fn snake_case(name: &str) -> String {
    let mut module = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !module.is_empty() {
            module.push('_');
        }
        module.extend(c.to_lowercase());
    }
    module
}

/// The names of the schema's enumerations.
fn enums(schema: &str) -> Vec<String> {
    schema
        .lines()
        .filter_map(|line| line.strip_prefix("enum "))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

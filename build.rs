//! Turns `graphql/` into Rust types, one module per operation, through graphql_client's generator.
//!
//! The derive macro of graphql_client reads one self-contained file per operation. Here fragments are
//! shared between files (an event looks the same however it was asked for), so each operation is
//! handed to the same generator together with exactly the fragments it reaches. That text is also
//! what is sent: an operation that Meetup stops accepting does not take the others down.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use graphql_client_codegen::{
    CodegenMode, GraphQLClientCodegenOptions, generate_module_token_stream_from_string,
};

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
    for operation in definitions.iter().filter(|one| one.is_operation) {
        let mut options = GraphQLClientCodegenOptions::new(CodegenMode::Cli);
        options.set_extern_enums(enums.clone());
        options.set_skip_serializing_none(true);
        options.set_module_visibility(syn::Visibility::Public(syn::token::Pub::default()));
        options.set_response_derives("Debug".to_owned());
        let text = with_fragments(operation, &definitions)?;
        rust += &generate_module_token_stream_from_string(&text, &schema, options)?.to_string();
        rust.push('\n');
    }
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

/// The operation's text followed by every fragment it reaches, each once.
fn with_fragments(operation: &Definition, definitions: &[Definition]) -> Result<String, Failure> {
    let mut text = operation.text.clone();
    let mut pending: Vec<&Definition> = vec![operation];
    let mut reached = BTreeSet::new();
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
            if reached.insert(name) {
                text += &fragment.text;
                pending.push(fragment);
            }
        }
    }
    Ok(text.trim_end().to_owned())
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

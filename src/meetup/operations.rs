//! The operations of `graphql/` as typed by graphql_client (see `build.rs`): per operation a module
//! with its text, its variables and its answer; in `shared` what several use, the types of fragments
//! and of inputs. These types stay in this room.

#![allow(missing_docs, dead_code, unused_imports, clippy::all)]

use super::scalars::{DateTime, Duration};

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use apollo_compiler::executable::{Selection, SelectionSet};
    use apollo_compiler::{ExecutableDocument, Schema};

    const GENERATED: &str = include_str!(concat!(env!("OUT_DIR"), "/operations.rs"));
    const SCHEMA: &str = include_str!("../../schema/meetup.graphql");

    /// What is sent, by operation.
    fn documents() -> BTreeMap<&'static str, ExecutableDocument> {
        let schema = Schema::parse_and_validate(SCHEMA, "meetup.graphql").unwrap();
        let read = |text: &str, name: &str| {
            // Parsed and not validated: what is wrong with the fragments is for the test to say.
            ExecutableDocument::parse(&schema, text, name).unwrap()
        };
        let all = super::ALL.iter();
        all.map(|&(name, text)| (name, read(text, name))).collect()
    }

    #[test]
    fn no_type_is_written_twice_but_the_two_that_every_operation_has() {
        let words = GENERATED.split(|c: char| !c.is_alphanumeric() && c != '_');
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let mut written: BTreeMap<&str, usize> = BTreeMap::new();
        for three in words.windows(3) {
            if let ["pub", "struct" | "enum" | "type", name] = three {
                *written.entry(name).or_default() += 1;
            }
        }
        for own in ["Variables", "ResponseData"] {
            assert_eq!(written.remove(own), Some(super::ALL.len()), "{own}");
        }
        let twice: Vec<_> = written.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "written more than once: {twice:?}");
        for document in documents().values() {
            for fragment in document.fragments.keys() {
                assert_eq!(written.get(fragment.as_str()), Some(&1), "{fragment}");
            }
        }
    }

    #[test]
    fn each_operation_is_sent_with_exactly_the_fragments_it_reaches() {
        for (name, document) in &documents() {
            let mut reached = BTreeSet::new();
            for operation in document.operations.iter() {
                follow(document, &operation.selection_set, &mut reached);
            }
            let sent: BTreeSet<&str> = document.fragments.keys().map(|it| it.as_str()).collect();
            assert_eq!(sent, reached, "{name}");
        }
    }

    fn follow<'a>(
        document: &'a ExecutableDocument,
        set: &'a SelectionSet,
        reached: &mut BTreeSet<&'a str>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => follow(document, &field.selection_set, reached),
                Selection::InlineFragment(it) => follow(document, &it.selection_set, reached),
                Selection::FragmentSpread(spread) => {
                    reached.insert(&spread.fragment_name);
                    let fragment = &document.fragments[&spread.fragment_name];
                    follow(document, &fragment.selection_set, reached);
                }
            }
        }
    }
}

//! Answers a planned query straight into the bytes of the answer.
//!
//! The executor of apollo-compiler builds a tree of values per answer, which at 150,000 RSVPs costs
//! more than everything gatherd does with them. This one writes as it goes and cuts back where a
//! null has to move up; a test below holds it to apollo's.

use super::document::Planned;
use super::node::{Node, Out, Trouble};
use super::resolve::Sight;
use apollo_compiler::ast::Type;
use serde_json::{Value, json};

/// What came out.
pub struct Answered {
    /// The value of `data`, as JSON text; none when it is null.
    pub data: Option<Vec<u8>>,
    /// The entries of `errors`.
    pub errors: Vec<Value>,
    /// Rows of listings in it.
    pub rows: u32,
}

/// Answers the fields of the root.
pub fn execute(sight: &Sight<'_>, plan: &[Planned<'_>]) -> Result<Answered, Trouble> {
    let mut run = Run {
        sight,
        out: Vec::new(),
        errors: Vec::new(),
        path: Vec::new(),
        rows: 0,
    };
    let written = run.object(&Node::Query, plan);
    let data = match written {
        Ok(()) => Some(run.out),
        Err(Halt::Null) => None,
        Err(Halt::All(trouble)) => return Err(trouble),
    };
    Ok(Answered {
        data,
        errors: run.errors,
        rows: run.rows,
    })
}

enum Halt {
    /// A null is on its way up.
    Null,
    /// The request ends.
    All(Trouble),
}

#[derive(Clone, Copy)]
enum Step<'d> {
    Key(&'d str),
    Index(usize),
}

struct Run<'s, 'w, 'd> {
    sight: &'s Sight<'w>,
    out: Vec<u8>,
    errors: Vec<Value>,
    path: Vec<Step<'d>>,
    rows: u32,
}

impl<'w, 'd> Run<'_, 'w, 'd> {
    fn object(&mut self, node: &Node<'w>, fields: &'d [Planned<'d>]) -> Result<(), Halt> {
        self.out.push(b'{');
        for (place, field) in fields.iter().enumerate() {
            if place > 0 {
                self.out.push(b',');
            }
            // Names of the schema and of aliases need no escaping.
            self.out.push(b'"');
            self.out.extend_from_slice(field.key.as_bytes());
            self.out.extend_from_slice(b"\":");
            self.path.push(Step::Key(field.key));
            let written = self.field(node, field);
            self.path.pop();
            written?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn field(&mut self, node: &Node<'w>, field: &'d Planned<'d>) -> Result<(), Halt> {
        let start = self.out.len();
        let resolved = if field.name == "__typename" {
            Ok(Out::Text(node.type_name()))
        } else {
            self.sight.resolve(node, field.name, &field.arguments)
        };
        let written = match resolved {
            Ok(out) => self.value(out, field.ty, field),
            Err(Trouble::Field(message)) => {
                self.fail(&message, field);
                Err(Halt::Null)
            }
            Err(trouble) => Err(Halt::All(trouble)),
        };
        self.settled(written, field.ty, start)
    }

    /// Where the type allows null, a null on its way up ends here.
    fn settled(&mut self, written: Result<(), Halt>, ty: &Type, start: usize) -> Result<(), Halt> {
        match written {
            Err(Halt::Null) if !ty.is_non_null() => {
                self.out.truncate(start);
                self.out.extend_from_slice(b"null");
                Ok(())
            }
            other => other,
        }
    }

    fn value(&mut self, out: Out<'w>, ty: &'d Type, field: &'d Planned<'d>) -> Result<(), Halt> {
        match out {
            Out::Null if ty.is_non_null() => {
                self.fail("Cannot return null for non-nullable field", field);
                return Err(Halt::Null);
            }
            Out::Null | Out::ForcedNull => self.out.extend_from_slice(b"null"),
            Out::Bool(truth) => {
                self.out
                    .extend_from_slice(if truth { b"true" } else { b"false" });
            }
            Out::Int(number) => self.text(&number.to_string()),
            Out::Float(number) => self.text(&number.to_string()),
            Out::Id(number) => {
                self.out.push(b'"');
                self.text(&number.to_string());
                self.out.push(b'"');
            }
            Out::Text(text) => self.quoted(text),
            Out::Made(text) => self.quoted(&text),
            Out::At(stamp, zone) => {
                self.out.push(b'"');
                let style = self.sight.world.switches.time_style;
                stamp.write(style, Some(zone), &mut self.out);
                self.out.push(b'"');
            }
            Out::Exactly(stamp) => {
                self.out.push(b'"');
                stamp.write(crate::demo::clock::TimeStyle::Seconds, None, &mut self.out);
                self.out.push(b'"');
            }
            Out::Node(node) => return self.object(&node, &field.fields),
            Out::Nodes(nodes) => return self.list(nodes.into_iter(), ty, field),
            Out::Rows(listing) => {
                self.rows += listing.rows.len() as u32;
                let edges = (0..listing.rows.len()).map(|row| Node::Edge(listing.clone(), row));
                return self.list(edges, ty, field);
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        nodes: impl Iterator<Item = Node<'w>>,
        ty: &'d Type,
        field: &'d Planned<'d>,
    ) -> Result<(), Halt> {
        let inner = ty.item_type();
        self.out.push(b'[');
        for (row, node) in nodes.enumerate() {
            if row > 0 {
                self.out.push(b',');
            }
            let start = self.out.len();
            self.path.push(Step::Index(row));
            let written = self.object(&node, &field.fields);
            self.path.pop();
            self.settled(written, inner, start)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn quoted(&mut self, text: &str) {
        // Writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.out, text);
    }

    fn fail(&mut self, message: &str, field: &Planned<'_>) {
        let path: Vec<Value> = self
            .path
            .iter()
            .map(|step| match step {
                Step::Key(key) => Value::from(*key),
                Step::Index(row) => Value::from(*row),
            })
            .collect();
        let (line, column) = field.place;
        self.errors.push(json!({
            "message": message, "locations": [{"line": line, "column": column}], "path": path,
            "extensions": {"classification": "DataFetchingException"}
        }));
    }
}

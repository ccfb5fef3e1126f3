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
            Out::Vanished => return Err(Halt::Null),
            Out::Cut(text, half) => {
                self.quoted(&text);
                self.out.pop();
                self.out.extend_from_slice(half);
                self.out.push(b'"');
            }
            Out::Null | Out::ForcedNull => self.out.extend_from_slice(b"null"),
            Out::Bool(truth) => {
                self.out
                    .extend_from_slice(if truth { b"true" } else { b"false" });
            }
            Out::Int(number) => self.text(&number.to_string()),
            // The debug form keeps the point that marks a Float.
            Out::Float(number) => self.text(&format!("{number:?}")),
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

#[cfg(test)]
mod tests {
    use super::super::cursor::CursorStyle;
    use super::super::document::Library;
    use super::super::faults::{Blemish, Blemishes};
    use super::super::node::Listing;
    use super::*;
    use crate::demo::clock::TimeStyle;
    use crate::demo::world::{GroupAt, World};
    use apollo_compiler::resolvers::{
        Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue,
    };
    use apollo_compiler::response::JsonMap;
    use std::rc::Rc;

    /// The same resolvers behind apollo's own executor.
    struct Object<'w> {
        sight: &'w Sight<'w>,
        node: Node<'w>,
    }

    impl ObjectValue for Object<'_> {
        fn type_name(&self) -> &str {
            self.node.type_name()
        }

        fn resolve_field<'a>(
            &'a self,
            info: &'a ResolveInfo<'a>,
        ) -> Result<ResolvedValue<'a>, FieldError> {
            let arguments = serde_json::to_value(info.arguments()).unwrap();
            let arguments = arguments.as_object().unwrap();
            let sight = self.sight;
            let object = move |node| ResolvedValue::object(Object { sight, node });
            match self.sight.resolve(&self.node, info.field_name(), arguments) {
                Err(Trouble::Field(message)) => Err(FieldError { message }),
                Err(other) => panic!("{other:?}"),
                Ok(Out::Node(node)) => Ok(object(node)),
                Ok(Out::Nodes(nodes)) => Ok(ResolvedValue::list(nodes.into_iter().map(object))),
                Ok(Out::Rows(listing)) => {
                    let edge =
                        move |row, listing: &Rc<Listing<'a>>| Node::Edge(listing.clone(), row);
                    let rows = 0..listing.rows.len();
                    Ok(ResolvedValue::list(
                        rows.map(move |row| object(edge(row, &listing))),
                    ))
                }
                Ok(out) => Ok(ResolvedValue::leaf(leaf(out))),
            }
        }
    }

    fn leaf(out: Out<'_>) -> apollo_compiler::response::JsonValue {
        let stamped = |stamp: crate::demo::clock::Stamp| {
            let mut text = Vec::new();
            stamp.write(TimeStyle::Seconds, None, &mut text);
            String::from_utf8(text).unwrap()
        };
        match out {
            Out::Bool(truth) => truth.into(),
            Out::Int(number) => number.into(),
            Out::Float(number) => number.into(),
            Out::Id(number) => number.to_string().into(),
            Out::Text(text) => text.into(),
            Out::Made(text) => text.into(),
            Out::At(stamp, _) | Out::Exactly(stamp) => stamped(stamp).into(),
            _ => apollo_compiler::response::JsonValue::Null,
        }
    }

    const QUERY: &str = "query All($some: Boolean!) {
        __typename self { ...person adminProNetworks { id } }
        a: group(id: 1) { id }
        proNetwork(urlname: \"lanternfish\") { __typename id link status primaryAdmin { ...person }
          groupsSearch(input: {first: 50}) { totalCount pageInfo { hasNextPage endCursor } edges { cursor
            metadata { lastEventDate nextEventDate tieStatus totalMembers totalPastEvents
                       totalPastRsvps totalUpcomingEvents }
            node { id name urlname city state country lat lon timezone foundedDate joinMode isPrivate
                   status link proJoinDate organizer { ...person } proNetwork { id }
                   stats { memberCounts { all pending } } groupAnalytics { totalMembers }
                   memberships(first: 4, filter: {status: [LEADER]}) { totalCount edges { cursor
                     node { ...person } metadata { role status joinTime lastAccessTime } } }
                   ... @include(if: $some) { events(first: 2, filter: {status: [PAST, CANCELLED]}) {
                     edges { node { id } } } }
                   ... @skip(if: $some) { skipped: name } } } }
          eventsSearch(input: {first: 200}) { edges { node { ...event } node { venues { name } } } } } }
        fragment person on Member { id name memberUrl }
        fragment event on Event { id token title status dateTime duration endTime createdTime eventType
          eventUrl maxTickets networkEvent { id } group { id } eventHosts { name member { id } }
          venues { id venueType lat country }
          rsvps(first: 5, filter: {rsvpStatus: [YES, NO, ATTENDED, NO_SHOW]},
                sort: {sortField: DATETIME, sortOrder: DESC}) { yesCount noCount totalCount edges {
            cursor node { id status guestsCount isHost updated member { ...person } } } } }";

    /// Where two answers differ first: a whole answer is too much to read in a failure.
    fn difference(path: &str, ours: &Value, theirs: &Value) -> Option<String> {
        match (ours, theirs) {
            (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => a
                .iter()
                .find_map(|(key, value)| difference(&format!("{path}/{key}"), value, &b[key])),
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                let mut rows = a.iter().zip(b).enumerate();
                rows.find_map(|(row, (a, b))| difference(&format!("{path}/{row}"), a, b))
            }
            _ => (ours != theirs).then(|| path.to_owned()),
        }
    }

    #[test]
    fn answers_are_the_ones_that_apollos_executor_gives() {
        let now = chrono::Utc::now();
        let world = World::demo(3, 6, now);
        let mut library = Library::open().unwrap();
        let document = library.document(QUERY).unwrap();
        for blemish in [None, Some(Blemish::Field), Some(Blemish::Unreadable)] {
            let mut blemishes = Blemishes::default();
            if let Some(blemish) = blemish {
                blemishes.set(world.group(GroupAt(2)).id, blemish);
            }
            let sight = Sight {
                world: &world,
                blemishes: &blemishes,
                cursors: CursorStyle::of_run(5),
                now: now.timestamp(),
                sees_network: true,
                is_somebody: true,
            };
            for some in [true, false] {
                let mut given = JsonMap::new();
                given.insert("some", some.into());
                let variables = library.variables(&document, &given).unwrap();
                let plan = document.plan(&variables).unwrap();
                let ours = execute(&sight, &plan).unwrap();
                let root = Object {
                    sight: &sight,
                    node: Node::Query,
                };
                let theirs = Execution::new(library.schema(), &document.valid)
                    .coerced_variable_values(&variables)
                    .execute_sync(&root)
                    .unwrap();
                let data = ours.data.map(|text| serde_json::from_slice(&text).unwrap());
                let data: Option<Value> = data;
                // Both sides through the same reader, since it rounds numbers in its own way.
                let theirs_data = serde_json::to_string(&theirs.data).unwrap();
                let theirs_data: Value = serde_json::from_str(&theirs_data).unwrap();
                let difference = difference("", &data.unwrap_or_default(), &theirs_data);
                assert_eq!(difference, None, "{blemish:?}, {some}");
                let paths = |errors: Value| -> Vec<Value> {
                    let errors = errors.as_array().unwrap().clone();
                    errors.iter().map(|error| error["path"].clone()).collect()
                };
                assert_eq!(
                    paths(Value::Array(ours.errors)),
                    paths(serde_json::to_value(&theirs.errors).unwrap())
                );
            }
        }
    }
}

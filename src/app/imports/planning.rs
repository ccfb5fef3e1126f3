//! From the rows of a file to what they would change, alike for every kind.

use super::{
    differing::Differing,
    matching::Groups,
    planned::{Bad, Handed, Keeping, Plan, hash},
};
use crate::{
    import::Refused,
    mirror::{self, MirrorError, Writing},
    report::clean,
};
use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

/// What one kind of row has of its own.
pub(super) trait Kept: Clone + Eq + Hash + Send + 'static {
    /// By which a row is known again in a corrected file.
    type Mark: Eq + Hash;
    /// Whether there may be one row of a mark, and no other, whatever file it is from.
    const IS_ONE_EACH: bool;

    /// By what it is known again.
    fn mark(&self) -> Self::Mark;
    /// How it reads.
    fn shown(&self, groups: &Groups) -> String;
    /// Those that were imported under a name.
    fn of(conn: &rusqlite::Connection, name: &str) -> Result<Vec<Self>, MirrorError>;
    /// Keeps them under a name, in the place of those before.
    fn keep(w: &Writing<'_>, name: &str, hash: &[u8], rows: &[Self]) -> Result<(), MirrorError>;
}

/// A file being matched.
pub(super) struct Planning<R> {
    handed: Handed,
    unread: Vec<String>,
    /// Whom its lines may mean.
    pub(super) groups: Groups,
    /// What it says, with lines.
    pub(super) rows: Vec<(u64, R)>,
    /// Lines that cannot be kept.
    pub(super) bad: Vec<Bad>,
}

impl<R: Kept> Planning<R> {
    pub(super) fn begin(
        conn: &rusqlite::Connection,
        handed: Handed,
        refused: Vec<Refused>,
        unread: &[String],
    ) -> Result<Self, MirrorError> {
        let bad = refused.into_iter().map(|it| Bad {
            line: it.line,
            cause: clean(&it.cause),
            is_unmatched: false,
        });
        Ok(Self {
            handed,
            unread: unread.iter().map(|it| clean(it)).collect(),
            groups: Groups::read(conn)?,
            rows: Vec::new(),
            bad: bad.collect(),
        })
    }

    /// Beside what is there.
    pub(super) fn end(mut self, conn: &rusqlite::Connection) -> Result<Plan, MirrorError> {
        let (name, kind) = (self.handed.name.clone(), self.handed.kind);
        let imports = mirror::imports(conn)?;
        let others: Vec<(String, Vec<R>)> = imports
            .iter()
            .filter(|it| it.name != name && it.kind == kind)
            .map(|it| Ok((it.name.clone(), R::of(conn, &it.name)?)))
            .collect::<Result<_, MirrorError>>()?;
        if R::IS_ONE_EACH {
            self.leave_doubles(&others);
        }
        self.bad.sort_by_key(|it| it.line);
        let before = R::of(conn, &name)?;
        let groups = &self.groups;
        let differing = Differing::of(&before, &self.rows, R::mark, |row| row.shown(groups));
        let twice = match R::IS_ONE_EACH {
            true => Vec::new(),
            false => twice(&self.rows, others),
        };
        let is_known = imports.iter().any(|it| it.name == name);
        let is_change = differing.is_change() || !is_known;
        let rows: Vec<R> = self.rows.into_iter().map(|(_, row)| row).collect();
        let (hash, keeps) = (hash(&self.handed.bytes), name.clone());
        let keeping: Keeping = Box::new(move |w| match is_change {
            true => R::keep(w, &keeps, &hash, &rows),
            false => w.import_rewritten(&keeps, &hash),
        });
        Ok(Plan {
            name,
            differing,
            bad: self.bad,
            unread: self.unread,
            twice,
            keeping,
        })
    }

    /// Takes those out that would be a second of their mark.
    fn leave_doubles(&mut self, others: &[(String, Vec<R>)]) {
        let mut theirs: HashMap<R::Mark, (&str, &R)> = HashMap::new();
        for (name, rows) in others {
            theirs.extend(rows.iter().map(|row| (row.mark(), (name.as_str(), row))));
        }
        let mut seen: HashMap<R::Mark, u64> = HashMap::new();
        let (groups, bad) = (&self.groups, &mut self.bad);
        self.rows.retain(|(line, row)| {
            let cause = match (seen.get(&row.mark()), theirs.get(&row.mark())) {
                (Some(first), _) => format!("line {first} has told that"),
                (_, Some((name, other))) if *other != row => {
                    format!("\"{name}\" says otherwise: {}", other.shown(groups))
                }
                _ => {
                    seen.insert(row.mark(), *line);
                    return true;
                }
            };
            bad.push(Bad {
                line: *line,
                cause,
                is_unmatched: false,
            });
            false
        });
    }
}

/// Rows that other imports have just so, by their names.
fn twice<R: Kept>(rows: &[(u64, R)], others: Vec<(String, Vec<R>)>) -> Vec<(String, usize)> {
    let ours: HashSet<&R> = rows.iter().map(|(_, row)| row).collect();
    let counted = others.into_iter().map(|(name, theirs)| {
        let both = theirs.iter().filter(|it| ours.contains(it)).count();
        (name, both)
    });
    counted.filter(|(_, both)| *both > 0).collect()
}

//! No circles of files: whoever reads a file can read what it uses first, and so on to the ground.
//!
//! **The rule.** A file uses another when a path in it (`use crate::...`, `use super::...`, or such a
//! path within the code) ends in something that the other file defines. What counts is where the thing
//! is defined, not the door it was taken through: `pub use` in a `mod.rs` is a door and makes no use,
//! neither of the door's file nor by it. So a `mod.rs` that calls its children, while they use a type
//! that stands in that `mod.rs`, is a circle like any other: the type wants a file of its own.
//! Out of scope are the calls of methods (a type's `impl` may be spread over files; no path tells
//! it), and `#[cfg(test)]` modules.

use super::{Source, sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

#[test]
fn no_files_use_each_other_in_a_circle() {
    let files = sources();
    let uses = Crate::of(&files).uses();
    let mut told = String::new();
    for circle in circles(&uses) {
        let _ = writeln!(told, "a circle of files: {}", circle.join(", "));
        for (from, names) in circle.iter().filter_map(|it| uses.get_key_value(it)) {
            for (to, what) in names.iter().filter(|(to, _)| circle.contains(to)) {
                let what: Vec<&str> = what.iter().map(String::as_str).collect();
                let _ = writeln!(told, "    {from} uses {} of {to}", what.join(", "));
            }
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn a_circle_is_found_behind_doors_and_not_where_there_is_none() {
    let file = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.to_owned(),
    };
    let files = [
        file("lib.rs", "mod a;\nmod b;\n"),
        file(
            "a/mod.rs",
            "mod x;\nmod y;\nmod z;\npub use x::{X as Ex, make};\npub use y::*;\n",
        ),
        file(
            "a/x.rs",
            "use super::Why;\npub struct X(Why);\npub fn make() {}\n",
        ),
        file(
            "a/y.rs",
            "//! Not crate::b::B.\npub struct Why;\nfn f() { crate::a::make() }\n",
        ),
        file(
            "a/z.rs",
            "use super::{Ex, Why};\nfn z() {}\n#[cfg(test)]\nmod tests { use crate::b::B; }\n",
        ),
        file(
            "b.rs",
            "use crate::{a, a::Ex};\npub struct B(Ex);\nfn b() { a::make(); }\n",
        ),
    ];
    let uses = Crate::of(&files).uses();
    assert_eq!(circles(&uses), [["src/a/x.rs", "src/a/y.rs"]]);
    let of_b: Vec<&String> = uses["src/b.rs"].keys().collect();
    assert_eq!(of_b, ["src/a/x.rs"]);
    assert!(!uses["src/a/z.rs"].contains_key("src/b.rs"));
}

/// Whom each file uses, and what of them.
type UsesOf = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// A module: a file, what it defines and what it takes in.
struct Module {
    file: String,
    code: String,
    defines: BTreeSet<String>,
    /// Names that stand for paths: by `use`, as written, and whether as a door for others.
    takes: Vec<Taken>,
}

struct Taken {
    name: String,
    path: Vec<String>,
    is_door: bool,
}

/// The modules by their paths from the root.
struct Crate(BTreeMap<Vec<String>, Module>);

impl Crate {
    fn of(files: &[Source]) -> Self {
        let modules = files.iter().filter(|it| !it.path.ends_with("main.rs"));
        Self(modules.map(|it| (path_of(it), module(it))).collect())
    }

    fn uses(&self) -> UsesOf {
        let mut uses = UsesOf::new();
        for (at, module) in &self.0 {
            let to = uses.entry(module.file.clone()).or_default();
            let taken = module.takes.iter().filter(|it| !it.is_door);
            let mut paths: Vec<Vec<String>> = taken.map(|it| it.path.clone()).collect();
            paths.extend(paths_within(&module.code));
            for path in paths {
                let last = path.last().cloned().unwrap_or_default();
                for file in self.ends_in(at, &path, 0) {
                    if file != module.file {
                        to.entry(file).or_default().insert(last.clone());
                    }
                }
            }
        }
        uses
    }

    /// The files that define what a path, written in the module `at`, ends in; none where that is a
    /// module, or nothing of ours. A glob ends in every file that it may take from.
    fn ends_in(&self, at: &[String], path: &[String], deep: usize) -> Vec<String> {
        let (Some(module), Some((first, rest))) = (self.0.get(at), path.split_first()) else {
            return Vec::new();
        };
        if deep > 20 {
            return Vec::new();
        }
        match first.as_str() {
            "crate" => return self.ends_in(&[], rest, deep + 1),
            "self" => return self.ends_in(at, rest, deep + 1),
            "super" => return self.ends_in(&at[..at.len().saturating_sub(1)], rest, deep + 1),
            _ => {}
        }
        let child: Vec<String> = at.iter().chain([first]).cloned().collect();
        if self.0.contains_key(&child) {
            return self.ends_in(&child, rest, deep + 1);
        }
        if module.defines.contains(first) {
            return vec![module.file.clone()];
        }
        let named = module.takes.iter().filter(|it| it.name == *first);
        for it in named {
            let whole: Vec<String> = it.path.iter().chain(rest).cloned().collect();
            let found = self.ends_in(at, &whole, deep + 1);
            if !found.is_empty() {
                return found;
            }
        }
        let globs = module.takes.iter().filter(|it| it.name == "*");
        globs
            .map(|it| {
                let whole: Vec<String> = it.path[..it.path.len() - 1]
                    .iter()
                    .chain(path)
                    .cloned()
                    .collect();
                self.ends_in(at, &whole, deep + 1)
            })
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }
}

fn path_of(file: &Source) -> Vec<String> {
    let mut path: Vec<String> = file
        .path
        .with_extension("")
        .iter()
        .map(|it| it.to_string_lossy().into_owned())
        .collect();
    if matches!(path.last().map(String::as_str), Some("mod" | "lib")) {
        path.pop();
    }
    path
}

fn module(file: &Source) -> Module {
    let whole = file.code();
    let code = whole.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut takes = Vec::new();
    let mut rest = String::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let Some(at) = begins_use(line) else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let mut tree = line[at..].to_owned();
        while !tree.contains(';') {
            let Some(next) = lines.next() else { break };
            tree.push_str(next);
        }
        let tree: String = tree.split(';').next().unwrap_or_default().to_owned();
        let is_door = line.trim_start().starts_with("pub");
        branches(&words(&tree), &[], is_door, &mut takes);
    }
    let defines = defined(&rest);
    Module {
        file: file.name(),
        code: rest,
        defines,
        takes,
    }
}

/// Where the path begins, on a line that begins a `use`.
fn begins_use(line: &str) -> Option<usize> {
    let trimmed = line.trim_start();
    let after = match trimmed.strip_prefix("pub") {
        None => trimmed,
        Some(after) => match after.strip_prefix('(') {
            None => after,
            Some(within) => within.split_once(')')?.1,
        },
    };
    let path = after.trim_start().strip_prefix("use ")?;
    Some(line.len() - path.len())
}

/// Names and signs, without the spaces.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            match words.last_mut() {
                Some(word) if is_open => word.push(c),
                _ => words.push(c.to_string()),
            }
            is_open = true;
            continue;
        }
        is_open = false;
        if !c.is_whitespace() {
            words.push(c.to_string());
        }
    }
    words
}

/// The paths of a tree of `use`, each with the name that stands for it here.
fn branches(tree: &[String], before: &[String], is_door: bool, takes: &mut Vec<Taken>) {
    let mut path = before.to_vec();
    let mut at = 0;
    while let Some(word) = tree.get(at) {
        match word.as_str() {
            ":" => {}
            "{" => {
                let (mut deep, mut begins) = (0, at + 1);
                for (end, word) in tree.iter().enumerate().skip(at) {
                    match word.as_str() {
                        "{" => deep += 1,
                        "}" => deep -= 1,
                        _ => {}
                    }
                    if deep == 0 || (deep == 1 && word == ",") {
                        branches(&tree[begins..end], &path, is_door, takes);
                        begins = end + 1;
                    }
                    if deep == 0 {
                        return;
                    }
                }
                return;
            }
            "as" => {
                let name = tree.get(at + 1).cloned().unwrap_or_default();
                takes.push(Taken {
                    name,
                    path,
                    is_door,
                });
                return;
            }
            // `module::{self}` is the module.
            "self" if path.len() > before.len().min(1) || !before.is_empty() => {}
            _ => path.push(word.clone()),
        }
        at += 1;
    }
    if path.len() > before.len() || tree.iter().any(|it| it == "self") {
        let name = path.last().cloned().unwrap_or_default();
        takes.push(Taken {
            name,
            path,
            is_door,
        });
    }
}

/// The names of what the code defines at its outermost level, or within an inline module.
fn defined(code: &str) -> BTreeSet<String> {
    const KINDS: [&str; 9] = [
        "fn",
        "struct",
        "enum",
        "trait",
        "const",
        "static",
        "type",
        "union",
        "macro_rules",
    ];
    let mut names = BTreeSet::new();
    for line in code.lines().filter(|it| !it.starts_with(' ')) {
        let words = words(line);
        let named = words.iter().position(|it| KINDS.contains(&it.as_str()));
        let Some(at) = named else { continue };
        let name = words[at + 1..]
            .iter()
            .find(|it| !["fn", "!"].contains(&it.as_str()));
        names.extend(name.cloned());
    }
    names
}

/// The paths within the code that is no `use`: `crate::a::B`, and `a::B` where `a` may be a name taken in.
fn paths_within(code: &str) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for line in code.lines() {
        let words = words(line);
        let mut path: Vec<String> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let is_name = words[at].starts_with(|c: char| c.is_alphabetic() || c == '_');
            if !is_name {
                at += 1;
                continue;
            }
            path.clear();
            path.push(words[at].clone());
            while at + 3 < words.len()
                && words[at + 1] == ":"
                && words[at + 2] == ":"
                && words[at + 3].starts_with(|c: char| c.is_alphabetic() || c == '_')
            {
                path.push(words[at + 3].clone());
                at += 3;
            }
            if path.len() > 1 {
                found.insert(path.clone());
            }
            at += 1;
        }
    }
    found
}

/// The files that reach each other, in groups of more than one.
fn circles(uses: &UsesOf) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = uses
        .keys()
        .map(|from| {
            let mut reached = BTreeSet::new();
            let mut next: Vec<&String> = vec![from];
            while let Some(file) = next.pop() {
                for to in uses.get(file).into_iter().flat_map(BTreeMap::keys) {
                    if reached.insert(to) {
                        next.push(to);
                    }
                }
            }
            (from, reached)
        })
        .collect();
    let mut found = BTreeSet::new();
    for (file, reaches) in &reached {
        let circle: Vec<String> = reached
            .iter()
            .filter(|(other, back)| reaches.contains(*other) && back.contains(file))
            .map(|(other, _)| (*other).clone())
            .collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

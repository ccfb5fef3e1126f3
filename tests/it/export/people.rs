//! Without people; and of people who were forgotten, or whose names are not kept.

use super::{FORMATS, Read, change, exported, files};
use crate::privacy::{NAME, Scene};
use std::collections::{BTreeMap, BTreeSet};

/// Every text of every cell.
fn cells(read: &Read) -> Vec<(String, String)> {
    let tables = read.tables.iter();
    tables
        .flat_map(|(name, rows)| {
            rows.iter()
                .flatten()
                .flatten()
                .map(|cell| (name.clone(), cell.clone()))
        })
        .collect()
}

#[test]
fn without_people_no_cell_names_one_or_holds_an_id_of_theirs() {
    let scene = Scene::new(1_721);
    scene.configure("[staff]\nmember_ids = [\"1\"]\n");
    scene.fill();
    change(
        &scene.program,
        &format!(
            "UPDATE event_row SET url = NULL;
        INSERT INTO failure_row (scope, grp, kind, is_part, message, since, last_at, pass)
          SELECT 'group', min(key), 'outage', 0, '{NAME} broke it', 1, 1, 1 FROM group_row"
        ),
    );
    let column = |sql: &str| -> BTreeSet<String> { scene.program.rows(sql).into_iter().collect() };
    let ids = column("SELECT id FROM members");
    let answers = column("SELECT id FROM rsvps");
    let mut names = column("SELECT name FROM members WHERE name IS NOT NULL");
    names.insert(NAME.to_owned());
    // Numbers of groups, events and venues that happen to be a person's are no secret.
    let others = column(
        "SELECT id FROM groups UNION SELECT id FROM venues UNION SELECT id FROM events UNION SELECT id FROM event_ids UNION SELECT id FROM networks",
    );
    let secret: BTreeSet<&String> = ids
        .union(&answers)
        .filter(|it| it.len() > 4 && !others.contains(*it))
        .collect();
    assert!(secret.len() > 300, "{}", secret.len());
    for format in FORMATS {
        let whole = exported(&scene.program, format, &[]);
        let found = |read: &Read| {
            let cells = cells(read);
            let hits = cells.into_iter().filter(|(_, cell)| {
                let words: Vec<&str> = cell.split(|c: char| !c.is_alphanumeric()).collect();
                names.iter().any(|name| cell.contains(name.as_str()))
                    || words
                        .iter()
                        .any(|word| secret.contains(&(*word).to_owned()))
            });
            hits.collect::<Vec<_>>()
        };
        assert!(
            found(&whole).len() > 1_000,
            "the search finds them where they are"
        );
        let read = exported(&scene.program, format, &["--no-people"]);
        assert_eq!(found(&read), [], "{format}");
        // Nor anywhere in the files.
        for (name, bytes) in files(&scene.program.path(&format!("out-{format}"))) {
            let text = String::from_utf8_lossy(&bytes);
            for name_of in [NAME, scene.id.as_str()] {
                assert!(!text.contains(name_of), "{name}: {name_of}");
            }
        }
        for gone in ["members", "notes", "reports", "alerts"] {
            assert!(!read.tables.contains_key(gone), "{gone}");
        }
        // As many of everything else, and as many different people.
        let distinct = |read: &Read, table, column| {
            read.column(table, column)
                .into_iter()
                .collect::<BTreeSet<_>>()
                .len()
        };
        for (table, rows) in &read.tables {
            assert_eq!(rows.len(), whole.tables[table].len(), "{table}");
        }
        for (table, column) in [
            ("rsvps", "member_id"),
            ("rsvps", "id"),
            ("memberships", "member_id"),
            ("event_hosts", "member_id"),
            ("groups", "organizer_id"),
        ] {
            assert_eq!(
                distinct(&read, table, column),
                distinct(&whole, table, column)
            );
        }
        assert_eq!(read.package["gatherd"]["without_people"], true);
    }
}

/// Who stands for whom in the memberships, by the rows of two exports that are alike but for the ids.
fn pseudonyms(read: &Read) -> BTreeSet<String> {
    let tables = ["rsvps", "memberships", "event_hosts"];
    tables
        .iter()
        .flat_map(|table| read.column(table, "member_id"))
        .flatten()
        .collect()
}

#[test]
fn a_person_has_one_pseudonym_in_every_table_and_export_of_a_database_and_another_in_others() {
    let scene = Scene::new(1_722);
    scene.fill();
    let run = |format| exported(&scene.program, format, &["--no-people"]);
    let first = run("csv");
    assert_eq!(first.tables, run("csv").tables);
    assert_eq!(first.tables, run("parquet").tables);
    let people = scene.program.rows("SELECT count(DISTINCT member_id) FROM (SELECT member_id FROM rsvps UNION SELECT member_id FROM memberships UNION SELECT member_id FROM event_hosts)");
    let known = pseudonyms(&first);
    assert_eq!(known.len().to_string(), people[0]);
    assert!(
        known
            .iter()
            .all(|it| it.len() == 32 && it.bytes().all(|b| b.is_ascii_hexdigit()))
    );
    // Answers are counted person by person as before.
    let counts = |ids: Vec<Option<String>>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        ids.into_iter()
            .flatten()
            .for_each(|id| *counts.entry(id).or_default() += 1);
        let mut counts: Vec<usize> = counts.into_values().collect();
        counts.sort_unstable();
        counts
    };
    let whole = exported(&scene.program, "csv", &[]);
    assert_eq!(
        counts(first.column("rsvps", "member_id")),
        counts(whole.column("rsvps", "member_id"))
    );
    // A copy of the database keeps them; another mirror of the same people has others.
    scene.program.run(&["backup", "copy.db"]).exits(0);
    let of_copy = exported(
        &scene.program,
        "csv",
        &["--no-people", "--database", "copy.db"],
    );
    assert_eq!(pseudonyms(&of_copy), known);
    change(
        &scene.program,
        "DELETE FROM meta WHERE key = 'pseudonym_key'",
    );
    assert!(pseudonyms(&run("csv")).is_disjoint(&known));
}

#[test]
fn who_was_forgotten_is_in_no_export_and_stays_one_person_in_it() {
    let scene = Scene::new(1_723);
    scene.fill();
    let people = |read: &Read| {
        read.column("rsvps", "member_id")
            .into_iter()
            .collect::<BTreeSet<_>>()
            .len()
    };
    let before = people(&exported(&scene.program, "csv", &[]));
    scene.program.run(&["forget", &scene.id]).exits(0);
    for more in [&[][..], &["--no-people"]] {
        for format in FORMATS {
            let read = exported(&scene.program, format, more);
            assert_eq!(people(&read), before);
            for (_, cell) in cells(&read) {
                assert!(!cell.contains(NAME) && !cell.contains(&scene.id), "{cell}");
            }
        }
    }
    let read = exported(&scene.program, "csv", &[]);
    let nobody = &read.column("forgotten", "member_id")[0];
    assert!(nobody.as_ref().unwrap().starts_with("forgotten-"));
    assert!(read.column("rsvps", "member_id").contains(nobody));
}

#[test]
fn where_no_names_are_kept_none_is_exported() {
    let scene = Scene::new(1_724);
    scene.fill();
    let names = scene
        .program
        .rows("SELECT name FROM members WHERE name LIKE '% %'");
    scene.configure("[privacy]\nnames = false\n");
    scene.program.run(&["sync"]).exits(0);
    // What people wrote down themselves is theirs.
    change(
        &scene.program,
        "DELETE FROM note_row; DELETE FROM owner_row; DELETE FROM spending_row; DELETE FROM import_row;",
    );
    let read = exported(&scene.program, "jsonl", &[]);
    assert!(read.column("members", "name").iter().all(Option::is_none));
    for (table, cell) in cells(&read) {
        let name = names.iter().find(|name| cell.contains(name.as_str()));
        assert_eq!(name, None, "{table}: {cell}");
    }
}

//! What docs/operating.md says of backups is typed line by line, and the example beside it is for the same file.

use super::{blocks, read, section};
use crate::program::Program;

#[test]
fn the_commands_of_backups_and_restoring_are_run_as_they_stand() {
    let program = Program::small(1_341);
    program.run(&["backfill"]).exits(0);
    let operating = read("docs/operating.md");
    let mut typed = 0;
    for header in ["## Backups", "## Restoring a backup"] {
        for block in blocks(section(&operating, header), "sh") {
            for line in block.lines() {
                let words: Vec<&str> = line.split_whitespace().collect();
                assert_eq!(words[0], "gatherd", "{line}");
                program.run(&words[1..]).exits(0);
                typed += 1;
            }
        }
    }
    assert!(typed >= 5, "{typed}");
}

#[test]
fn the_example_for_litestream_is_for_the_services_database_and_is_told() {
    let example = read("config/litestream.yml");
    let database = "/var/lib/gatherd/gatherd.db";
    assert!(example.contains(&format!("- path: {database}")));
    let operating = read("docs/operating.md");
    assert!(operating.contains(&format!("database = \"{database}\"")));
    assert!(operating.contains("../config/litestream.yml"));
}

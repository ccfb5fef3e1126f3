//! `gatherd chart`: into which files, and what is refused.

use super::parsed;
use crate::program::Program;
use std::fs;

fn backfilled() -> (Program, String) {
    let program = Program::small(3);
    program.run(&["backfill"]).exits(0);
    let asked = "SELECT g.urlname FROM groups g JOIN events e ON e.group_id = g.id \
                 GROUP BY g.id ORDER BY COUNT(*) DESC LIMIT 1";
    let group = program.rows(asked).remove(0);
    (program, group)
}

#[test]
fn each_chart_is_written_by_the_ending_of_its_file_over_what_is_there() {
    let (program, group) = backfilled();
    for kind in [
        "months",
        "turnout",
        "pause",
        "hosts",
        "retention",
        "answers",
    ] {
        let file = program.path(&format!("{kind}.svg"));
        fs::write(&file, "something longer than nothing").unwrap();
        let out = file.to_str().unwrap().to_owned();
        let ran = program
            .run(&["chart", kind, "--group", &group, "--out", &out])
            .exits(0);
        assert!(
            ran.out.starts_with(&out) && ran.out.ends_with(".\n"),
            "{}",
            ran.out
        );
        let svg = fs::read_to_string(&file).unwrap();
        let picture = parsed(&svg);
        let said = picture
            .descendants()
            .find(|it| it.tag_name().name() == "desc")
            .unwrap();
        assert!(ran.out.contains(said.text().unwrap()), "{}", ran.out);
        if cfg!(feature = "png") {
            let file = program.path(&format!("{kind}.PNG"));
            let out = file.to_str().unwrap().to_owned();
            let quiet = [
                "--quiet", "chart", kind, "--group", &group, "--out", &out, "--dark",
            ];
            assert_eq!(program.run(&quiet).exits(0).said(), "");
            assert_eq!(&fs::read(&file).unwrap()[1..4], b"PNG");
        }
    }
    // Nothing is left beside them.
    let left = fs::read_dir(program.dir.path())
        .unwrap()
        .map(|it| it.unwrap().file_name());
    assert_eq!(
        left.filter(|it| it.to_string_lossy().starts_with(".tmp"))
            .count(),
        0
    );
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_to_do() {
    let (program, group) = backfilled();
    let chart = |kind: &str, group: &str, out: &str| {
        program.run(&["chart", kind, "--group", group, "--out", out])
    };
    chart("months", &group, "months.gif")
        .exits(2)
        .says(&["ends in .svg or .png"]);
    chart("months", &group, "months")
        .exits(2)
        .says(&["ends in .svg or .png"]);
    chart("pie", &group, "pie.svg")
        .exits(2)
        .says(&["months, turnout, pause, hosts, retention, answers"]);
    chart("months", "nobody-knows-this", "x.svg")
        .exits(2)
        .says(&["is known here"]);
    let nowhere = program.path("no/such/folder/x.svg");
    chart("months", &group, nowhere.to_str().unwrap())
        .exits(1)
        .says(&["name a file in a folder that is there"]);
    let early = [
        "chart",
        "months",
        "--group",
        &group,
        "--as-of",
        "1990-01-01",
        "--out",
        "x.svg",
    ];
    program.run(&early).exits(1).says(&["founded"]);
}

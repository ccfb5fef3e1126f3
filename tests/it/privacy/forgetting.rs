//! `gatherd forget`.

use super::{NAME, Scene};
use crate::program::Program;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

const NOBODY: &str = "SELECT id FROM members WHERE id LIKE 'forgotten-%'";

#[test]
fn who_is_forgotten_is_in_no_byte_of_any_file_and_stays_one_person_in_every_count() {
    let scene = Scene::new(1501);
    scene.fill();
    let (before, counts) = (scene.found(), scene.counts());
    assert!(before.iter().any(|it| it.ends_with(NAME)), "{before:?}");
    assert!(
        before.iter().any(|it| it.ends_with(&scene.id)),
        "{before:?}"
    );
    let run = |args: &[&str]| scene.program.run(args);
    let ran = run(&["forget", &scene.id]).exits(0);
    assert!(!ran.said().contains(NAME), "{}", ran.said());
    ran.says(&[
        "Forgotten: 1 person.",
        "Not sent any more, for they told of them: 1 message that had not arrived.",
        "The database was written anew: its bytes do not hold them.",
        "Out of reach of gatherd: files exported",
    ]);
    assert_eq!(scene.found(), Vec::<String>::new());
    assert_eq!(scene.counts(), counts);
    let nobody = scene.program.rows(NOBODY);
    assert_eq!(nobody.len(), 1);
    let notes = scene
        .program
        .rows("SELECT coalesce(text, whom) FROM notes ORDER BY id");
    let told = format!("Ask {0} or {0} for the room", nobody[0]);
    assert_eq!(notes, [told, nobody[0].clone()]);

    // Meetup shows them as before, in everything that is read again.
    for again in [&["sync"][..], &["sync", "--sweep"], &["backfill"]] {
        run(again).exits(0);
        assert_eq!(scene.found(), Vec::<String>::new(), "{again:?}");
        assert_eq!(scene.counts(), counts, "{again:?}");
        assert_eq!(scene.program.rows(NOBODY), nobody, "{again:?}");
    }
    assert_eq!(scene.program.integrity(), "ok");
    for shown in [
        &["report"][..],
        &["report", "--format", "json", "--names"],
        &["digest", "--all"],
        &["letter", "sized-group-0000"],
        &["report", "--group", "sized-group-0000"],
        &["notes"],
    ] {
        let said = run(shown).exits(0).said();
        assert!(!said.contains(NAME) && !said.contains(&scene.id), "{said}");
        assert!(!said.contains("members/forgotten-"), "{said}");
    }
    let noted = format!("member {} called", scene.id);
    run(&["note", "sized-group-0002", &noted]).exits(0);
    run(&["forget", &scene.id]).exits(0).says(&[
        "Forgotten before: 1 person.",
        "Taken out of 1 note or name.",
    ]);
    assert_eq!(scene.found(), Vec::<String>::new());
}

#[test]
fn what_they_do_afterwards_is_nobodys_too_and_their_leaving_is_seen() {
    use gatherd::demo::world::{Answer, GroupAt};
    let scene = Scene::new(1502);
    scene.fill();
    scene.program.run(&["forget", &scene.id]).exits(0);
    let nobody = scene.program.rows(NOBODY).remove(0);
    let now = chrono::Utc::now().timestamp();
    scene.program.sim.with_world(|world| {
        world.join(GroupAt(2), scene.person, now);
        let event = world.events_of(GroupAt(2)).last().unwrap();
        world.answer(event, scene.person, Answer::Yes, now);
        world.leave(GroupAt(0), scene.person, false);
    });
    scene.program.run(&["sync", "--sweep"]).exits(0);
    let of = format!("WHERE member_id = '{nobody}'");
    let rows = |sql: &str| scene.program.rows(&format!("{sql} {of} ORDER BY 1"));
    assert_eq!(
        rows(
            "SELECT g.urlname, m.gone_at IS NOT NULL FROM memberships m JOIN groups g ON g.id = m.group_id"
        ),
        [
            "sized-group-0000|1",
            "sized-group-0001|0",
            "sized-group-0002|0"
        ]
    );
    assert_eq!(scene.program.rows(NOBODY), [nobody]);
    assert_eq!(scene.found(), Vec::<String>::new());
}

#[test]
fn a_backup_from_before_knows_them_as_soon_as_it_is_opened() {
    let scene = Scene::new(1503);
    scene.fill();
    let (file, backup) = (
        scene.program.path("gatherd.db"),
        scene.program.path("backup.toml"),
    );
    fs::copy(&file, &backup).unwrap();
    scene.program.run(&["forget", &scene.id]).exits(0);
    for beside in ["gatherd.db-wal", "gatherd.db-shm"] {
        let _ = fs::remove_file(scene.program.path(beside));
    }
    fs::copy(&backup, &file).unwrap();
    assert!(!scene.found().is_empty());
    scene.program.run(&["report"]).exits(0);
    let known = format!(
        "SELECT count(*) FROM members WHERE id = '{}' OR name = '{NAME}'",
        scene.id
    );
    assert_eq!(scene.program.rows(&known), ["0"]);
    scene.program.run(&["sync"]).exits(0);
    assert_eq!(scene.found(), Vec::<String>::new());
    assert_eq!(scene.program.rows(NOBODY).len(), 1);
}

#[test]
fn a_database_that_lost_its_file_writes_it_anew_and_a_new_database_never_keeps_them() {
    let scene = Scene::new(1504);
    scene.fill();
    scene.program.run(&["forget", &scene.id]).exits(0);
    let file = scene.program.path("gatherd.db.state/forgotten");
    let kept = fs::read(&file).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    fs::remove_file(&file).unwrap();
    scene.program.run(&["notes"]).exits(0);
    assert_eq!(fs::read(&file).unwrap(), kept);
    for old in ["gatherd.db", "gatherd.db-wal", "gatherd.db-shm"] {
        let _ = fs::remove_file(scene.program.path(old));
    }
    scene.program.run(&["backfill"]).exits(0);
    assert_eq!(scene.found(), Vec::<String>::new());
    assert_eq!(scene.program.rows(NOBODY).len(), 1);
    fs::write(&file, "secret nonsense\n").unwrap();
    scene
        .program
        .run(&["notes"])
        .exits(6)
        .says(&["line 1 is no line of such a file"]);
}

#[test]
fn whatever_is_no_number_of_a_member_forgets_nobody_and_changes_no_note() {
    let program = Program::small(1508);
    program.run(&["backfill"]).exits(0);
    program
        .run(&["asked", "sized-group-0000", "--whom", "Paula Ramirez"])
        .exits(0);
    let kept = || program.rows("SELECT * FROM note_row");
    let before = kept();
    for word in [
        "Paula",
        "sized-group-0000",
        "two words",
        "forgotten-",
        "12a",
    ] {
        let ran = program.run(&["forget", word]).exits(2);
        ran.says(&["is no member's number", "nobody was forgotten"]);
    }
    let mut typed = program.start_typing(&["forget", "--stdin"]);
    typed.types("123456789");
    typed.types("Paula");
    typed
        .ends()
        .exits(2)
        .says(&["\"Paula\" is no member's number"]);
    assert_eq!(kept(), before);
    assert_eq!(program.rows("SELECT count(*) FROM forgotten_row"), ["0"]);
}

#[test]
fn all_of_meetup_read_again_from_the_beginning_brings_nobody_back() {
    let scene = Scene::new(1507);
    scene.fill();
    scene.program.run(&["forget", &scene.id]).exits(0);
    let before = scene.counts();
    scene.program.run(&["backfill", "--restart"]).exits(0);
    assert_eq!(scene.found(), Vec::<String>::new());
    assert_eq!(scene.program.rows(NOBODY).len(), 1);
    assert_eq!(scene.counts(), before);
}

#[test]
fn many_are_forgotten_at_once_all_or_none_and_nobody_comes_back() {
    let program = Program::small(1505);
    program.run(&["backfill"]).exits(0);
    let ids = program.rows("SELECT id FROM members ORDER BY id LIMIT 20");
    let forget = |text: &str| {
        let mut typed = tempfile::NamedTempFile::new().unwrap();
        typed.write_all(text.as_bytes()).unwrap();
        let input = Stdio::from(fs::File::open(typed.path()).unwrap());
        program.start_with(&["forget", "--stdin"], input).ends()
    };
    forget(&format!("{}\nnot an id!\n", ids[0]))
        .exits(2)
        .says(&["nobody was forgotten"]);
    assert_eq!(program.rows(NOBODY).len(), 0);
    forget("# nobody\n\n").exits(2);
    let text = format!(
        "# asked on Monday\n{}\nhttps://www.meetup.com/members/999999999/\n",
        ids.join("\n")
    );
    forget(&text)
        .exits(0)
        .says(&["Forgotten: 20 people.", "Never seen here: 1 person."]);
    assert_eq!(program.rows(NOBODY).len(), 20);
    program
        .run(&["forget", "--undo", &ids[0]])
        .exits(2)
        .says(&["there is no undo"]);
    program.run(&["forget", "--undo"]).exits(2);
    program.run(&["forget"]).exits(2);
    program.run(&["sync", "--sweep"]).exits(0);
    assert_eq!(program.rows(NOBODY).len(), 20);
}

#[test]
fn staff_stay_staff_and_are_told_to_be_taken_out_of_the_configuration() {
    let scene = Scene::new(1506);
    scene.configure(&format!("[staff]\nmember_ids = [\"{}\"]\n", scene.id));
    scene.fill();
    let figures = || {
        let today = chrono::Utc::now().date_naive().to_string();
        let asked = ["report", "--format", "json", "--as-of", &today];
        let mut report: serde_json::Value =
            serde_json::from_str(&scene.program.run(&asked).exits(0).out).unwrap();
        let groups = report["groups"].take();
        let of =
            |group: &serde_json::Value| format!("{} {}", group["organizers"], group["handover"]);
        groups
            .as_array()
            .unwrap()
            .iter()
            .map(of)
            .collect::<Vec<_>>()
    };
    let before = figures();
    scene
        .program
        .run(&["forget", &scene.id])
        .exits(0)
        .says(&["The configuration names one of them in [staff] member_ids"]);
    assert_eq!(figures(), before);
}

//! What a shell is told when Tab is pressed.

use crate::program::Program;
use std::process::Command;

/// A program whose shell asks what may come as word number `nth`.
fn told(program: &mut Program, nth: usize, words: &[&str]) -> Vec<String> {
    let before = program.env.clone();
    program.env.push(("GATHERD_COMPLETE".into(), "bash".into()));
    program
        .env
        .push(("_CLAP_COMPLETE_INDEX".into(), nth.to_string()));
    program.env.push(("_CLAP_IFS".into(), "\n".into()));
    let ran = program.run(&[&["--", "gatherd"], words].concat()).exits(0);
    program.env = before;
    assert_eq!(ran.err, "");
    ran.out.lines().map(str::to_owned).collect()
}

#[test]
fn commands_groups_and_channels_are_completed_by_what_is_known_then() {
    let mut program = Program::small(898);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n\
         [[channel]]\nname = \"team\"\nkind = \"slack\"\nurl = \"http://127.0.0.1:9/\"\n"
    ));
    assert!(told(&mut program, 1, &["ba"]).contains(&"backfill".to_owned()));
    // Before anything was read nothing is offered, and nothing goes wrong.
    assert!(told(&mut program, 2, &["mute", "sized"]).is_empty());
    program.run(&["backfill"]).exits(0);
    let groups: Vec<String> = (0..4).map(|nth| format!("sized-group-{nth:04}")).collect();
    let mut found = told(&mut program, 2, &["mute", "SIZED-g"]);
    found.sort();
    assert_eq!(found, groups);
    assert_eq!(
        told(&mut program, 3, &["report", "--group", "sized-group-0002"]),
        ["sized-group-0002"]
    );
    assert_eq!(
        told(&mut program, 3, &["deliveries", "test", "t"]),
        ["team"]
    );
    assert_eq!(told(&mut program, 3, &["report", "--send", "t"]), ["team"]);
    // Another configuration that is typed is the one that is looked into.
    let written = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
    let other = written.replace("\"team\"", "\"tomorrow\"");
    std::fs::write(program.path("other.toml"), other).unwrap();
    for words in [
        &["--config", "other.toml", "report", "--send", "t"][..],
        &["--config=other.toml", "report", "--send", "t"],
    ] {
        assert_eq!(told(&mut program, words.len(), words), ["tomorrow"]);
    }
    program.configure("this is no configuration");
    assert!(told(&mut program, 3, &["deliveries", "test", "t"]).is_empty());
}

#[test]
fn what_a_shell_takes_up_is_a_script_that_it_understands() {
    let program = Program::small(899);
    let script = program.run(&["completions", "bash"]).exits(0).out;
    let file = program.path("gatherd.bash");
    std::fs::write(&file, script).unwrap();
    let sourced = Command::new("bash")
        .args(["-c", "source \"$1\" && complete -p gatherd", "bash"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(sourced.status.success(), "{sourced:?}");
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        let script = program.run(&["completions", shell]).exits(0).out;
        assert!(script.contains("GATHERD_COMPLETE"), "{shell}");
    }
}

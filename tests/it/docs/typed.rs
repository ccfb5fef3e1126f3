//! Every command that a page shows is typed as it stands there, page by page, against a simulated network.

use super::{blocks, pages, read};
use crate::program::{Program, until};
use gatherd::demo::{Receiver, World};
use std::fs;

/// The group of the pages' examples.
const GROUP: &str = "acme-berlin";

/// What a page's commands find: a configuration with the names that the pages use, and all that Meetup has.
fn before(seed: u64, receiver: &Receiver) -> Program {
    let mut world = World::sized(seed, 4, 40, 300, 100, chrono::Utc::now());
    let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
    world.rename_group(groups[0], "Acme Berlin", GROUP);
    world.edit_group(groups[0], |it| it.country = "de".to_owned());
    world.edit_group(groups[1], |it| it.country = "at".to_owned());
    let program = Program::on(world, gatherd::demo::Switches::unlimited());
    let meetup = program.meetup_section(&format!(
        "access_token = \"{}\"\n",
        gatherd::demo::TRIAL_TOKEN
    ));
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n\
         [[channel]]\nname = \"ops\"\nkind = \"slack\"\nurl = \"{}\"\nsends = [\"digest\", \"alerts\"]\n",
        receiver.url("/services/T/B/x")
    ));
    program.run(&["backfill"]).exits(0);
    // The file of the examples is the one that the program prints as an example, for no event.
    let template = program.run(&["import", "spending", "--template"]);
    let spending = template.exits(0).out.replace("2026-01-29", "");
    fs::write(program.path("spending.csv"), spending).unwrap();
    program
}

/// What is typed at a shell in the program's directory, with a remark or without.
fn words(line: &str) -> Vec<&str> {
    let command = line.split(" #").next().unwrap();
    command.split_whitespace().skip(1).collect()
}

#[test]
fn every_command_of_every_page_is_run_as_it_stands() {
    let receiver = Receiver::start().unwrap();
    let (mut typed, mut noted) = (0, String::new());
    for (nth, page) in pages().iter().enumerate() {
        let lines: Vec<String> = blocks(&read(page), "sh")
            .iter()
            .flat_map(|block| block.lines())
            .filter(|line| line.starts_with("gatherd "))
            .map(str::to_owned)
            .collect();
        if lines.is_empty() {
            continue;
        }
        let program = before(1_360 + nth as u64, &receiver);
        for line in &lines {
            let words = words(line);
            println!("{page}: {line}");
            match words.as_slice() {
                // These ask a person, and are typed elsewhere: commands/init/typed.rs, commands/login.rs.
                ["init"] | ["auth", "login"] => {}
                // It makes a configuration, so it is begun where none is.
                ["init", "--network", ..] => {
                    let bare = crate::commands::init::bare(Program::small(1_399));
                    fs::write(bare.path("token"), gatherd::demo::TRIAL_TOKEN).unwrap();
                    let network = words.iter().position(|it| *it == "acme").unwrap();
                    let mut words = words.clone();
                    words[network] = "sized";
                    bare.run(&words).exits(0);
                }
                ["run"] => {
                    let mut daemon = program.start(&words);
                    daemon.logs("daemon started");
                    daemon.signal("TERM");
                    until("it ends", || daemon.is_over());
                }
                ["forget", "--stdin"] => {
                    let mut forgetting = program.start_typing(&words);
                    forgetting.types("123456790");
                    forgetting.ends().exits(0);
                }
                // Ids are counted through all notes, whatever the page's example has.
                ["notes", "--remove", _] => {
                    drop(program.run(&["notes", "--remove", &noted]).exits(0));
                }
                ["notes"] => {
                    let notes = program.run(&words).exits(0).out;
                    let mut ids = notes.split_whitespace().filter(|it| is_note(it));
                    noted = ids.next().unwrap_or_default().to_owned();
                }
                _ => drop(program.run(&words).exits(0)),
            }
            typed += 1;
        }
    }
    assert!(typed >= 40, "{typed}");
}

/// `n3`.
fn is_note(word: &str) -> bool {
    word.strip_prefix('n')
        .is_some_and(|rest| rest.parse::<u32>().is_ok())
}

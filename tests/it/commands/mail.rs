//! E-mail through the real program: what is shown is what is sent, and what a mail server refuses is heard.

use crate::deliver::post_office::{Manner, PostOffice};
use crate::program::Program;
use serde_json::Value;

const PASSWORD: &str = "correct horse battery";

/// A program whose digest goes by mail to three people.
fn sponsor(seed: u64, office: &PostOffice) -> Program {
    let program = Program::small(seed);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[[channel]]\nname = \"mail\"\nkind = \"email\"\n\
         url = \"smtp://127.0.0.1:{}\"\nfrom = \"gatherd@example.org\"\nusername = \"postman\"\npassword = \"{PASSWORD}\"\n\
         to = [\"ann@example.org\", \"bob@example.org\", \"cy@example.org\"]\n",
        office.port
    ));
    program.run(&["backfill"]).exits(0);
    program
}

fn manner(says: &[(&'static str, &'static str)]) -> Manner {
    Manner {
        offers: vec!["AUTH PLAIN"],
        says: says.to_vec(),
        ..Manner::default()
    }
}

#[test]
fn what_a_dry_run_prints_is_what_comes() {
    let office = PostOffice::open(manner(&[]));
    let program = sponsor(73, &office);
    let send = ["report", "--send", "mail", "--as-of", "2026-01-05"];
    let dry = program
        .run(&[&send[..], &["--dry-run", "--raw"]].concat())
        .exits(0);
    let shown: Value = serde_json::from_str(&dry.out).unwrap();
    let shown = shown.get("message").unwrap_or(&shown);
    assert!(office.heard().is_empty(), "a dry run asks nobody");
    program.run(&send).exits(0).says(&["sent"]);
    program.run(&send).exits(0).says(&["went to mail before"]);
    let taken = office.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(
        taken[0].plain().trim().replace("\r\n", "\n"),
        shown["text"].as_str().unwrap().trim()
    );
    assert!(taken[0].header("Subject").starts_with("Sized Network "));
    assert_eq!(taken[0].to.len(), 3);
    let told = program.run(&["config"]).exits(0);
    assert!(
        !told.out.contains(PASSWORD) && told.out.contains("channel.mail.password"),
        "{}",
        told.out
    );
    program.run(&["doctor"]).says(&[
        "channel mail",
        "mail would be taken; --post sends a test line",
    ]);
    assert_eq!(office.taken().len(), 1, "doctor sends nothing");
    program
        .run(&["doctor", "--post"])
        .says(&["a test line was taken"]);
    assert_eq!(office.taken().len(), 2);
}

#[test]
fn an_address_that_is_refused_is_told_to_whoever_sends_and_in_the_list() {
    let office = PostOffice::open(manner(&[("RCPT TO:<bob@", "550 5.1.1 user unknown")]));
    let program = sponsor(74, &office);
    let lacks = "not to everybody: address 2 of 3 in `to`: answered 550: 5.1.1 user unknown";
    program
        .run(&["deliveries", "test", "mail"])
        .exits(0)
        .says(&["sent", lacks]);
    program
        .run(&["deliveries", "list"])
        .exits(0)
        .says(&["sent", lacks]);
    program
        .run(&["doctor", "--post"])
        .exits(1)
        .says(&["a test line was taken, not to everybody"]);
}

#[test]
fn what_a_mail_server_refuses_is_heard() {
    for (says, exit, told) in [
        (
            ("RCPT", "550 no relay"),
            "dead",
            "given up, address 1 of 3 in `to`: answered 550: no relay",
        ),
        (
            ("AUTH", "535 5.7.8 bad credentials"),
            "dead",
            "given up, answered 535: 5.7.8 bad credentials",
        ),
        (
            ("HI", "421 too busy"),
            "pending",
            "not yet, answered 421: too busy; it is tried again",
        ),
    ] {
        let office = PostOffice::open(manner(&[says]));
        let program = sponsor(75, &office);
        let send = ["report", "--send", "mail", "--as-of", "2026-01-05"];
        program.run(&send).exits(3).says(&[told]);
        let listed = program.run(&["deliveries", "list"]).exits(0);
        assert!(listed.out.contains(exit), "{}", listed.out);
        let status = program.run(&["status"]);
        assert!(!format!("{}{}", status.out, listed.out).contains(PASSWORD));
        assert!(status.out.contains("mail"), "{}", status.out);
    }
}

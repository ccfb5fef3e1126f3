//! Letters in English.

use chrono::{Datelike as _, NaiveDate};

use super::parts::{Ask, Say, Wording, count, number};

pub(super) const WORDING: Wording = Wording {
    hello: "Hello,",
    goodbye: "Thank you, and all the best!",
    say,
    ask,
};

/// "6 May", "6 May 2025".
fn date(on: NaiveDate, today: NaiveDate) -> String {
    let form = match on.year() == today.year() {
        true => "%-d %B",
        false => "%-d %B %Y",
    };
    on.format(form).to_string()
}

fn say(say: Say, name: &str, today: NaiveDate) -> String {
    let day = |on: NaiveDate| date(on, today);
    let yes = |yes: Option<i64>| {
        yes.map_or_else(String::new, |n| {
            format!("; {} said yes", count(n, ",", "person", "people"))
        })
    };
    match say {
        Say::Thanks => format!("Thank you for everything you do for {name}."),
        Say::Last(on, n) => format!("{name} last met on {}{}.", day(on), yes(n)),
        Say::Year(n, people) => {
            let events = count(n, ",", "event", "events");
            match people {
                Some(people) => format!(
                    "In the last 12 months there {} {events}, and {} said yes.",
                    if n == 1 { "was" } else { "were" },
                    count(people, ",", "person", "people")
                ),
                None => format!(
                    "In the last 12 months there {} {events}.",
                    if n == 1 { "was" } else { "were" }
                ),
            }
        }
        Say::Next(on, n) => {
            let so_far = n.map_or_else(String::new, |n| {
                let have = if n == 1 { "has" } else { "have" };
                let people = count(n, ",", "person", "people");
                format!(", and {people} {have} said yes so far")
            });
            format!("The next event is on {}{so_far}.", day(on))
        }
        Say::HalfYear(on) => format!("On {} that will be half a year ago.", day(on)),
        Say::Again(on, n) => format!(
            "It was good to see {name} meet again on {}{}.",
            day(on),
            yes(n)
        ),
        Say::First(on, n) => format!(
            "It was good to see the first event of {name} on {}{}.",
            day(on),
            yes(n)
        ),
        Say::NoneYet(members) => match members {
            Some(n) => format!(
                "{name} has {}, and its first event is still to come.",
                count(n, ",", "member", "members")
            ),
            None => format!("The first event of {name} is still to come."),
        },
        Say::HostsLeft => {
            format!("The people who hosted {name} lately are no longer in the group.")
        }
        Say::NoOrganizer => format!("{name} has no organizer at the moment."),
        Say::Ours(n, of) => format!(
            "We hosted {} of the {} of {name} in the last 12 months ourselves.",
            number(n, ","),
            count(of, ",", "event", "events")
        ),
        Say::Turnout(now, before) => format!(
            "At the latest three events of {name} typically {} said yes, and {} at the six before them.",
            count(now, ",", "person", "people"),
            number(before, ",")
        ),
    }
}

fn ask(ask: Ask) -> &'static str {
    match ask {
        Ask::NextDate => "When would you like to meet next?",
        Ask::DateAfter => "Do you already have an idea for the date after that?",
        Ask::HelpNext => "Is there anything we can help with for that date?",
        Ask::WhoHosts => "Do you know somebody who would enjoy hosting the next event?",
        Ask::WhoLeads => "Would you like to lead the group, or do you know somebody who would?",
        Ask::WhatHelps => {
            "What would make the next date easier for you: a speaker, a place, or somebody to share the work?"
        }
        Ask::SecondDate => "Do you already have an idea for the next date?",
        Ask::FirstSpeaker => "Would it help if we found a speaker and a place for it?",
        Ask::HowAndWho => "How are you, and who could share the work with you?",
        Ask::HowAreYou => "We hope that all is well with you: how are you?",
        Ask::MeetAgain => "Would you like to meet again, with a speaker or a place from us?",
        Ask::RegularHosts => {
            "Who of the people who come regularly might enjoy hosting the next event?"
        }
        Ask::WhatSuits => {
            "What would suit people better: another topic, another day, another place, or a speaker from us?"
        }
    }
}

//! Letters in German.

use chrono::{Datelike as _, NaiveDate};

use super::parts::{Ask, Say, Wording, count, number};

pub(super) const WORDING: Wording = Wording {
    hello: "Hallo,",
    goodbye: "Danke und viele Grüße!",
    say,
    ask,
};

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// "6. Mai", "6. Mai 2025".
fn date(on: NaiveDate, today: NaiveDate) -> String {
    let month = MONTHS[on.month0() as usize];
    match on.year() == today.year() {
        true => format!("{}. {month}", on.day()),
        false => format!("{}. {month} {}", on.day(), on.year()),
    }
}

fn say(say: Say, name: &str, today: NaiveDate) -> String {
    let day = |on: NaiveDate| date(on, today);
    // "1 Person hat zugesagt", "12 Personen haben zugesagt".
    let have = |n: i64, more: &str| {
        let have = if n == 1 { "hat" } else { "haben" };
        format!(
            "{} {have}{more} zugesagt",
            count(n, ".", "Person", "Personen")
        )
    };
    let yes = |yes: Option<i64>| yes.map_or_else(String::new, |n| format!("; {}", have(n, "")));
    match say {
        Say::Thanks => format!("danke für alles, was ihr für {name} tut."),
        Say::Last(on, n) => format!(
            "{name} hat sich zuletzt am {} getroffen{}.",
            day(on),
            yes(n)
        ),
        Say::Year(n, people) => {
            let events = match n {
                1 => "In den letzten 12 Monaten gab es 1 Treffen".to_owned(),
                n => format!(
                    "In den letzten 12 Monaten gab es {} Treffen",
                    number(n, ".")
                ),
            };
            let people = people.map_or_else(String::new, |n| format!(", und {}", have(n, "")));
            format!("{events}{people}.")
        }
        Say::Next(on, n) => {
            let so_far = n.map_or_else(String::new, |n| format!(", und {}", have(n, " schon")));
            format!("Das nächste Treffen ist am {}{so_far}.", day(on))
        }
        Say::HalfYear(on) => format!("Am {} wird das ein halbes Jahr her sein.", day(on)),
        Say::Again(on, n) => format!(
            "wir haben uns gefreut, dass sich {name} am {} wieder getroffen hat{}.",
            day(on),
            yes(n)
        ),
        Say::First(on, n) => format!(
            "wir haben uns über das erste Treffen von {name} am {} gefreut{}.",
            day(on),
            yes(n)
        ),
        Say::NoneYet(members) => match members {
            Some(n) => format!(
                "{name} hat {}, und das erste Treffen steht noch bevor.",
                count(n, ".", "Mitglied", "Mitglieder")
            ),
            None => format!("das erste Treffen von {name} steht noch bevor."),
        },
        Say::HostsLeft => format!(
            "wer die Treffen von {name} zuletzt ausgerichtet hat, ist nicht mehr in der Gruppe."
        ),
        Say::NoOrganizer => format!("{name} hat zurzeit niemanden, der die Gruppe leitet."),
        Say::Ours(n, of) => format!(
            "von {} Treffen von {name} in den letzten 12 Monaten haben wir {} selbst ausgerichtet.",
            number(of, "."),
            number(n, ".")
        ),
        Say::Turnout(now, before) => format!(
            "zu den letzten drei Treffen von {name} {} typischerweise {} zugesagt, zu den sechs davor {}.",
            if now == 1 { "hat" } else { "haben" },
            count(now, ".", "Person", "Personen"),
            number(before, ".")
        ),
    }
}

fn ask(ask: Ask) -> &'static str {
    match ask {
        Ask::NextDate => "Wann möchtet ihr euch das nächste Mal treffen?",
        Ask::DateAfter => "Habt ihr schon eine Idee für den Termin danach?",
        Ask::HelpNext => "Können wir euch für diesen Termin mit etwas helfen?",
        Ask::WhoHosts => "Kennt ihr jemanden, der das nächste Treffen gern ausrichten würde?",
        Ask::WhoLeads => {
            "Möchtest du die Gruppe leiten, oder kennst du jemanden, der das gern tun würde?"
        }
        Ask::WhatHelps => {
            "Was würde euch den nächsten Termin leichter machen: ein Vortrag, ein Ort oder jemand, der mithilft?"
        }
        Ask::SecondDate => "Habt ihr schon eine Idee für den nächsten Termin?",
        Ask::FirstSpeaker => {
            "Würde es euch helfen, wenn wir dafür einen Vortrag und einen Ort finden?"
        }
        Ask::HowAndWho => "Wie geht es euch, und wer könnte sich die Arbeit mit euch teilen?",
        Ask::HowAreYou => "Wir hoffen, dass bei dir alles in Ordnung ist: Wie geht es dir?",
        Ask::MeetAgain => {
            "Möchtet ihr euch wieder treffen, mit einem Vortrag oder einem Ort von uns?"
        }
        Ask::RegularHosts => {
            "Wer von denen, die regelmäßig kommen, würde das nächste Treffen gern ausrichten?"
        }
        Ask::WhatSuits => {
            "Was würde den Leuten besser passen: ein anderes Thema, ein anderer Tag, ein anderer Ort oder ein Vortrag von uns?"
        }
    }
}

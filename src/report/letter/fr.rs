//! Letters in French.

use chrono::{Datelike as _, NaiveDate};

use super::parts::{self, Ask, Say, Wording, number};

pub(super) const WORDING: Wording = Wording {
    hello: "Bonjour,",
    goodbye: "Merci et à bientôt\u{a0}!",
    say,
    ask,
};

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Between thousands.
const APART: &str = "\u{202f}";

/// "6 mai", "1er mai 2025".
fn date(on: NaiveDate, today: NaiveDate) -> String {
    let month = MONTHS[on.month0() as usize];
    let day = match on.day() {
        1 => "1er".to_owned(),
        day => day.to_string(),
    };
    match on.year() == today.year() {
        true => format!("{day} {month}"),
        false => format!("{day} {month} {}", on.year()),
    }
}

/// "d'ACME Oslo", "de Paris".
fn of(name: &str) -> String {
    let first = name.chars().next().unwrap_or_default().to_lowercase();
    let is_vowel = first.clone().any(|c| "aàâeéèêëiîïoôuùû".contains(c));
    let of = if is_vowel { "d'" } else { "de " };
    format!("{of}{name}")
}

fn count(n: i64, one: &str, many: &str) -> String {
    parts::count(n, APART, one, many)
}

fn say(say: Say, name: &str, today: NaiveDate) -> String {
    let day = |on: NaiveDate| date(on, today);
    let said = |n: i64, already: &str| {
        let have = if n == 1 { "a" } else { "ont" };
        let people = count(n, "personne", "personnes");
        format!("{people} {have} {already}répondu oui")
    };
    let yes =
        |yes: Option<i64>| yes.map_or_else(String::new, |n| format!("\u{a0}; {}", said(n, "")));
    match say {
        Say::Thanks => format!("Merci pour tout ce que vous faites pour {name}."),
        Say::Last(on, n) => format!(
            "La dernière rencontre {} a eu lieu le {}{}.",
            of(name),
            day(on),
            yes(n)
        ),
        Say::Year(n, people) => {
            let events = count(n, "rencontre", "rencontres");
            let people = people.map_or_else(String::new, |n| format!(", et {}", said(n, "")));
            format!("Au cours des 12 derniers mois, il y a eu {events}{people}.")
        }
        Say::Next(on, n) => {
            let so_far = n.map_or_else(String::new, |n| format!(", et {}", said(n, "déjà ")));
            format!("La prochaine rencontre est le {}{so_far}.", day(on))
        }
        Say::HalfYear(on) => format!("Le {}, cela fera six mois.", day(on)),
        Say::Again(on, n) => format!(
            "Nous avons été ravis de voir {name} se réunir à nouveau le {}{}.",
            day(on),
            yes(n)
        ),
        Say::First(on, n) => format!(
            "Nous avons été ravis de voir la première rencontre {} le {}{}.",
            of(name),
            day(on),
            yes(n)
        ),
        Say::NoneYet(members) => match members {
            Some(n) => format!(
                "{name} compte {}, et sa première rencontre est encore à venir.",
                count(n, "membre", "membres")
            ),
            None => format!("La première rencontre {} est encore à venir.", of(name)),
        },
        Say::HostsLeft => format!(
            "Les personnes qui animaient {name} ces derniers temps ne sont plus dans le groupe."
        ),
        Say::NoOrganizer => format!("{name} n'a pas de responsable en ce moment."),
        Say::Ours(n, all) => format!(
            "Sur {} {} au cours des 12 derniers mois, nous en avons animé {} nous-mêmes.",
            count(all, "rencontre", "rencontres"),
            of(name),
            number(n, APART)
        ),
        Say::Turnout(now, before) => format!(
            "Aux trois dernières rencontres {}, {} en général répondu oui\u{a0}; aux six précédentes, {}.",
            of(name),
            match now {
                1 => "1 personne a".to_owned(),
                n => format!("{} personnes ont", number(n, APART)),
            },
            number(before, APART)
        ),
    }
}

fn ask(ask: Ask) -> &'static str {
    match ask {
        Ask::NextDate => "Quand aimeriez-vous vous réunir la prochaine fois\u{a0}?",
        Ask::DateAfter => "Avez-vous déjà une idée pour la date suivante\u{a0}?",
        Ask::HelpNext => "Pouvons-nous vous aider pour cette date\u{a0}?",
        Ask::WhoHosts => {
            "Connaissez-vous quelqu'un qui aimerait animer la prochaine rencontre\u{a0}?"
        }
        Ask::WhoLeads => {
            "Aimeriez-vous prendre la responsabilité du groupe, ou connaissez-vous quelqu'un qui le voudrait\u{a0}?"
        }
        Ask::WhatHelps => {
            "Qu'est-ce qui vous faciliterait la prochaine date\u{a0}: un exposé, un lieu, ou quelqu'un pour partager le travail\u{a0}?"
        }
        Ask::SecondDate => "Avez-vous déjà une idée pour la prochaine date\u{a0}?",
        Ask::FirstSpeaker => "Cela vous aiderait-il si nous trouvions un exposé et un lieu\u{a0}?",
        Ask::HowAndWho => {
            "Comment allez-vous, et qui pourrait partager le travail avec vous\u{a0}?"
        }
        Ask::HowAreYou => {
            "Nous espérons que tout va bien de votre côté\u{a0}: comment allez-vous\u{a0}?"
        }
        Ask::MeetAgain => {
            "Aimeriez-vous vous réunir à nouveau, avec un exposé ou un lieu de notre part\u{a0}?"
        }
        Ask::RegularHosts => {
            "Parmi les personnes qui viennent souvent, qui aimerait animer la prochaine rencontre\u{a0}?"
        }
        Ask::WhatSuits => {
            "Qu'est-ce qui conviendrait mieux\u{a0}: un autre sujet, un autre jour, un autre lieu, ou un exposé de notre part\u{a0}?"
        }
    }
}

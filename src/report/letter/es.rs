//! Letters in Spanish.

use chrono::{Datelike as _, NaiveDate};

use super::parts::{Ask, Say, Wording, count, number};

pub(super) const WORDING: Wording = Wording {
    hello: "Hola:",
    goodbye: "¡Gracias y un saludo!",
    say,
    ask,
};

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// "6 de mayo", "6 de mayo de 2025".
fn date(on: NaiveDate, today: NaiveDate) -> String {
    let month = MONTHS[on.month0() as usize];
    match on.year() == today.year() {
        true => format!("{} de {month}", on.day()),
        false => format!("{} de {month} de {}", on.day(), on.year()),
    }
}

fn say(say: Say, name: &str, today: NaiveDate) -> String {
    let day = |on: NaiveDate| date(on, today);
    let said = |n: i64| {
        let said = if n == 1 { "dijo" } else { "dijeron" };
        format!("{} {said} que sí", count(n, ".", "persona", "personas"))
    };
    let yes = |yes: Option<i64>| yes.map_or_else(String::new, |n| format!("; {}", said(n)));
    match say {
        Say::Thanks => format!("Gracias por todo lo que haces por {name}."),
        Say::Last(on, n) => format!("{name} se reunió por última vez el {}{}.", day(on), yes(n)),
        Say::Year(n, people) => {
            let events = count(n, ".", "encuentro", "encuentros");
            let people = people.map_or_else(String::new, |n| format!(", y {}", said(n)));
            format!("En los últimos 12 meses hubo {events}{people}.")
        }
        Say::Next(on, n) => {
            let so_far = n.map_or_else(String::new, |n| {
                let said = if n == 1 { "ha dicho" } else { "han dicho" };
                let people = count(n, ".", "persona", "personas");
                format!(", y {people} ya {said} que sí")
            });
            format!("El próximo encuentro es el {}{so_far}.", day(on))
        }
        Say::HalfYear(on) => format!("El {} hará medio año de aquello.", day(on)),
        Say::Again(on, n) => format!(
            "Nos alegró ver que {name} volvió a reunirse el {}{}.",
            day(on),
            yes(n)
        ),
        Say::First(on, n) => format!(
            "Nos alegró ver el primer encuentro de {name} el {}{}.",
            day(on),
            yes(n)
        ),
        Say::NoneYet(members) => match members {
            Some(n) => format!(
                "{name} tiene {}, y su primer encuentro está por llegar.",
                count(n, ".", "miembro", "miembros")
            ),
            None => format!("El primer encuentro de {name} está por llegar."),
        },
        Say::HostsLeft => {
            format!("Quienes organizaron los últimos encuentros de {name} ya no están en el grupo.")
        }
        Say::NoOrganizer => {
            format!("En este momento, nadie figura como responsable de {name}.")
        }
        Say::Ours(n, of) => format!(
            "De {} de {name} en los últimos 12 meses, {} {} a nuestro cargo.",
            count(of, ".", "encuentro", "encuentros"),
            number(n, "."),
            if n == 1 { "estuvo" } else { "estuvieron" }
        ),
        Say::Turnout(now, before) => format!(
            "En los últimos tres encuentros de {name} lo habitual fue que {}; en los seis anteriores, {}.",
            match now {
                1 => "dijera que sí 1 persona".to_owned(),
                n => format!("dijeran que sí {} personas", number(n, ".")),
            },
            number(before, ".")
        ),
    }
}

fn ask(ask: Ask) -> &'static str {
    match ask {
        Ask::NextDate => "¿Cuándo te gustaría que fuera el próximo encuentro?",
        Ask::DateAfter => "¿Tienes ya alguna idea para la fecha siguiente?",
        Ask::HelpNext => "¿Podemos ayudarte con algo para esa fecha?",
        Ask::WhoHosts => "¿Conoces a alguien a quien le gustaría organizar el próximo encuentro?",
        Ask::WhoLeads => "¿Te gustaría llevar el grupo, o conoces a alguien a quien le gustaría?",
        Ask::WhatHelps => {
            "¿Qué te facilitaría la próxima fecha: una charla, un lugar o alguien con quien repartir el trabajo?"
        }
        Ask::SecondDate => "¿Tienes ya alguna idea para la próxima fecha?",
        Ask::FirstSpeaker => "¿Te ayudaría que buscáramos una charla y un lugar?",
        Ask::HowAndWho => "¿Cómo estás, y quién podría repartirse el trabajo contigo?",
        Ask::HowAreYou => "Esperamos que todo vaya bien: ¿cómo estás?",
        Ask::MeetAgain => {
            "¿Te gustaría que el grupo volviera a reunirse, con una charla o un lugar de nuestra parte?"
        }
        Ask::RegularHosts => {
            "De las personas que vienen a menudo, ¿a quién le gustaría organizar el próximo encuentro?"
        }
        Ask::WhatSuits => {
            "¿Qué le vendría mejor a la gente: otro tema, otro día, otro lugar o una charla de nuestra parte?"
        }
    }
}

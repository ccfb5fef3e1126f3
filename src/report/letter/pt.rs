//! Letters in Portuguese.

use chrono::{Datelike as _, NaiveDate};

use super::parts::{Ask, Say, Wording, count, number};

pub(super) const WORDING: Wording = Wording {
    hello: "Olá,",
    goodbye: "Agradecemos e mandamos um abraço!",
    say,
    ask,
};

const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];

/// "6 de maio", "1º de maio de 2025".
fn date(on: NaiveDate, today: NaiveDate) -> String {
    let month = MONTHS[on.month0() as usize];
    let day = match on.day() {
        1 => "1º".to_owned(),
        day => day.to_string(),
    };
    match on.year() == today.year() {
        true => format!("{day} de {month}"),
        false => format!("{day} de {month} de {}", on.year()),
    }
}

fn say(say: Say, name: &str, today: NaiveDate) -> String {
    let day = |on: NaiveDate| date(on, today);
    let said = |n: i64, already: &str| {
        let said = if n == 1 { "disse" } else { "disseram" };
        let people = count(n, ".", "pessoa", "pessoas");
        format!("{people} {already}{said} que sim")
    };
    let yes = |yes: Option<i64>| yes.map_or_else(String::new, |n| format!("; {}", said(n, "")));
    match say {
        Say::Thanks => format!("Agradecemos por tudo o que vocês fazem por {name}."),
        Say::Last(on, n) => format!("O último encontro de {name} foi em {}{}.", day(on), yes(n)),
        Say::Year(n, people) => {
            let events = count(n, ".", "encontro", "encontros");
            let people = people.map_or_else(String::new, |n| format!(", e {}", said(n, "")));
            format!("Nos últimos 12 meses houve {events}{people}.")
        }
        Say::Next(on, n) => {
            let so_far = n.map_or_else(String::new, |n| format!(", e {}", said(n, "já ")));
            format!("O próximo encontro é em {}{so_far}.", day(on))
        }
        Say::HalfYear(on) => format!("Em {} fará meio ano.", day(on)),
        Say::Again(on, n) => format!(
            "Ficamos felizes em ver {name} se reunir de novo em {}{}.",
            day(on),
            yes(n)
        ),
        Say::First(on, n) => format!(
            "Ficamos felizes em ver o primeiro encontro de {name} em {}{}.",
            day(on),
            yes(n)
        ),
        Say::NoneYet(members) => match members {
            Some(n) => format!(
                "{name} tem {}, e o primeiro encontro ainda está por vir.",
                count(n, ".", "membro", "membros")
            ),
            None => format!("O primeiro encontro de {name} ainda está por vir."),
        },
        Say::HostsLeft => {
            format!("Quem organizou os últimos encontros de {name} não está mais no grupo.")
        }
        Say::NoOrganizer => format!("No momento, ninguém está à frente de {name} no Meetup."),
        Say::Ours(n, of) => format!(
            "De {} de {name} nos últimos 12 meses, {} {} por nossa conta.",
            count(of, ".", "encontro", "encontros"),
            number(n, "."),
            if n == 1 { "ficou" } else { "ficaram" }
        ),
        Say::Turnout(now, before) => format!(
            "Nos três últimos encontros de {name}, em geral {}; nos seis anteriores, {}.",
            said(now, ""),
            number(before, ".")
        ),
    }
}

fn ask(ask: Ask) -> &'static str {
    match ask {
        Ask::NextDate => "Quando vocês gostariam de se encontrar da próxima vez?",
        Ask::DateAfter => "Vocês já têm uma ideia para a data seguinte?",
        Ask::HelpNext => "Podemos ajudar em alguma coisa para essa data?",
        Ask::WhoHosts => "Vocês conhecem alguém que gostaria de organizar o próximo encontro?",
        Ask::WhoLeads => {
            "Você gostaria de ficar à frente do grupo, ou conhece alguém que gostaria?"
        }
        Ask::WhatHelps => {
            "O que facilitaria a próxima data para vocês: uma palestra, um lugar ou alguém para dividir o trabalho?"
        }
        Ask::SecondDate => "Vocês já têm uma ideia para a próxima data?",
        Ask::FirstSpeaker => "Ajudaria se encontrássemos uma palestra e um lugar?",
        Ask::HowAndWho => "Como vocês estão, e quem poderia dividir o trabalho com vocês?",
        Ask::HowAreYou => "Esperamos que esteja tudo bem: como você está?",
        Ask::MeetAgain => {
            "Vocês gostariam de se reunir de novo, com uma palestra ou um lugar da nossa parte?"
        }
        Ask::RegularHosts => {
            "Das pessoas que vêm sempre, quem gostaria de organizar o próximo encontro?"
        }
        Ask::WhatSuits => {
            "O que seria melhor para as pessoas: outro tema, outro dia, outro lugar ou uma palestra da nossa parte?"
        }
    }
}

//! A letter about each cause, sentence by sentence; other languages say the same numbers.

use std::collections::BTreeSet;

use gatherd::community::{Cause, Language};
use gatherd::report::{GroupReport, letter};

use crate::recount::sentences::letters::numbers;
use crate::recount::sentences::{Piece, Place, sentences};

/// What letters to a group say in English.
pub fn pieces(group: &GroupReport) -> Vec<Piece> {
    let name = &group.figures.name;
    let mut said_once = BTreeSet::new();
    for cause in Cause::ALL.iter().copied().map(Some).chain([None]) {
        let letter = letter(group, cause);
        let said = |language: Language| {
            let text = letter.worded(language);
            let paragraphs: Vec<String> =
                text.split("\n\n").map(|it| it.replace('\n', " ")).collect();
            // Between greeting and goodbye.
            [paragraphs[1].clone(), paragraphs[2].clone()]
        };
        let english = said(Language::En);
        let counted = |of: &[String; 2]| numbers(&of.join(" ").replace(name.as_str(), ""));
        for language in Language::ALL {
            let other = said(*language);
            assert_eq!(
                counted(&other),
                counted(&english),
                "{other:?}, not {english:?}"
            );
        }
        // Where no sentence names the group, its name stands before them.
        let about = english[0].replace(&format!("{name}: "), "");
        said_once.extend(sentences(&about));
        said_once.insert(english[1].clone());
    }
    let piece = |text| Piece {
        place: Place::Letter,
        group: Some(name.clone()),
        text,
    };
    said_once.into_iter().map(piece).collect()
}

//! One function decides the months of a strip, for the terminal as for a page.

use gatherd::metrics;
use gatherd::report::{self, Beside, Freshness, Style, latest_months};

use crate::drawn;

#[test]
fn the_strip_of_a_group_on_the_terminal_is_that_of_its_page() {
    let mut told = 0;
    for seed in 0..60 {
        let (world, a, asked) = drawn::draw(seed);
        let settings = asked.settings(a);
        let measured = metrics::measure(&world.store(), &settings).unwrap();
        let report = report::compose(measured, &settings, Freshness::default());
        for group in &report.groups {
            let strip = latest_months(&group.figures, 13);
            let apart = |marks: Vec<char>| -> String {
                marks
                    .iter()
                    .map(char::to_string)
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let marks = apart(strip.iter().map(|it| it.mark()).collect());
            let letters = apart(strip.iter().map(|it| it.letter()).collect());
            let text = report::group_text(&report, group, Beside::default(), Style::default());
            assert!(
                text.contains(&format!("Months      {letters}*")),
                "{letters}\n{text}"
            );
            assert!(
                text.contains(format!("Events      {marks}").trim_end()),
                "{marks}\n{text}"
            );
            told += usize::from(strip.iter().any(|it| it.events > 0));
        }
    }
    assert!(told > 50);
}

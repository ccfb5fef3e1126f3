//! How many groups met month by month: the same in words, cells, bars and picture.

use gatherd::chart::{Calendar, GroupsMet, Name};

use super::parsed;

const JAN: i64 = 2026 * 12;

pub fn of(name: &str, instead: &str) -> GroupsMet {
    GroupsMet {
        name: Name {
            text: name.to_owned(),
            instead: instead.to_owned(),
        },
        calendar: Calendar {
            this: JAN + 10,
            first: Some(JAN - 3),
            held: vec![
                (JAN - 3, 1),
                (JAN - 1, 16),
                (JAN, 9),
                (JAN + 9, 1200),
                (JAN + 10, 3),
            ],
            announced: vec![(JAN + 10, 7), (JAN + 11, 4)],
            off: Vec::new(),
        },
    }
}

fn groups_met() -> GroupsMet {
    of("ACME", "the network")
}

#[test]
fn words_cells_bars_and_table_say_the_same_months() {
    let groups_met = groups_met();
    assert_eq!(
        groups_met.heading(),
        "Groups that met, month by month since October 2025"
    );
    assert_eq!(groups_met.strip(), "▁·▁▁········█▁");
    assert_eq!(
        groups_met.in_words(),
        "1,200 in October 2026, 3 in November 2026 so far; the most 1,200, in October 2026"
    );
    let bars = groups_met.bars();
    assert_eq!(bars.len(), 14);
    assert_eq!(bars[0], ("Oct 25".to_owned(), 1));
    assert_eq!(bars[13], ("Nov 26 so far".to_owned(), 3));
    let (chart, alt) = (groups_met.chart(), groups_met.alt());
    assert_eq!(chart.summary(), alt);
    for (row, (_, groups)) in chart.table().rows.iter().zip(&bars) {
        let month = row[0].replace(", so far", "");
        assert_eq!(row[1].replace(',', ""), groups.to_string());
        assert!(alt.contains(&format!("{month} {}", row[1])), "{alt}");
    }
    assert_eq!(chart.table().rows.len(), bars.len());
    assert!(alt.ends_with("October 2026 1,200, November 2026 3 so far."));
}

#[test]
fn what_only_was_announced_is_a_sign_and_counts_no_group() {
    let mut groups_met = groups_met();
    groups_met.calendar.held.pop();
    assert!(groups_met.strip().ends_with("█○"), "{}", groups_met.strip());
    assert!(groups_met.in_words().contains("0 in November 2026 so far"));
}

#[test]
fn bars_are_as_high_as_the_groups_they_stand_for() {
    let mut groups_met = groups_met();
    groups_met.calendar.held = vec![(JAN + 7, 5), (JAN + 9, 10), (JAN + 10, 2)];
    let svg = groups_met.chart().embedded();
    let picture = parsed(&svg);
    let heights: Vec<(&str, i64)> = picture
        .descendants()
        .filter(|it| it.has_tag_name("rect") && it.attribute("rx").is_none())
        .map(|it| {
            let high: f64 = it.attribute("height").unwrap().parse().unwrap();
            #[allow(clippy::cast_possible_truncation)]
            let groups = (high / 13.0).round() as i64;
            (it.attribute("class").unwrap(), groups)
        })
        .collect();
    assert_eq!(heights, [("c-often", 5), ("c-often", 10), ("c-met", 2)]);
}

#[test]
fn what_is_kept_of_a_picture_draws_the_same_picture() {
    let kept = serde_json::to_string(&groups_met()).unwrap();
    let read: GroupsMet = serde_json::from_str(&kept).unwrap();
    assert_eq!(read, groups_met());
}

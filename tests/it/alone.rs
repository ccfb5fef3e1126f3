//! One group measured by itself is its part of the whole, on drawn worlds.

use chrono::DateTime;
use gatherd::metrics::{self, Basis, NoForecast, Purpose, Settings};
use gatherd::report::{self, Beside, Freshness, GroupDocument, Report, Style};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use crate::drawn;
use crate::world::{A, DAY, World};

/// How often what others decide was seen.
#[derive(Debug, Default)]
struct Seen {
    groups: usize,
    alike: usize,
    own: usize,
    of_network: usize,
    not_proven: usize,
    orders: usize,
    shared: usize,
    notice: usize,
}

fn composed(measured: metrics::Measured, settings: &Settings) -> Report {
    report::compose(measured, settings, Freshness::default())
}

/// Every group of a world, by itself and in the whole.
fn compare(which: &str, world: &World, settings: &Settings, seen: &mut Seen) {
    let conn = world.store();
    let whole = composed(metrics::measure(&conn, settings).unwrap(), settings);
    for group in &whole.groups {
        let urlname = &group.figures.urlname;
        let alone = |purpose| {
            let measured = metrics::measure_group(&conn, settings, urlname, purpose).unwrap();
            composed(measured, settings)
        };
        let part = alone(Purpose::Document);
        let found = &part.groups[0];
        assert_eq!(found, group, "{which}, {urlname}");
        assert_eq!(
            &alone(Purpose::Figures).groups[0],
            group,
            "{which}, {urlname}"
        );
        let written = |report: &Report, group| {
            serde_json::to_string(&GroupDocument::new(report, group)).unwrap()
        };
        assert_eq!(
            written(&part, found),
            written(&whole, group),
            "{which}, {urlname}"
        );
        let part = alone(Purpose::Page);
        let text = |report: &Report, group| {
            let beside = Beside::default();
            let page = report::group_text(report, group, beside, Style::default());
            page + &report::group_markdown(report, group, beside)
        };
        assert_eq!(
            text(&part, &part.groups[0]),
            text(&whole, group),
            "{which}, {urlname}"
        );
        seen.groups += 1;
        let alike = group.figures.pause.and_then(|pause| pause.alike);
        seen.alike += usize::from(alike.is_some_and(|alike| alike.cases > 0));
        seen.notice += usize::from(whole.network.notice.values().any(Option::is_some));
        for event in whole.ahead_of(group) {
            if let Some(expected) = &event.expected {
                match expected.basis {
                    Basis::Group => seen.own += 1,
                    Basis::Network => seen.of_network += 1,
                }
                seen.orders += usize::from(expected.order.is_some());
            }
            seen.not_proven += usize::from(event.no_forecast == Some(NoForecast::NotProven));
            seen.shared += usize::from(event.ordered_with.is_some());
        }
    }
    let gone = metrics::measure_group(&conn, settings, "nobody", Purpose::Page).unwrap();
    assert_eq!(gone.groups, []);
    assert_eq!((gone.left, gone.not_yet), (whole.left, whole.not_yet));
}

/// Groups of which some have a long past of their own and some a short one, and all have events ahead, some of
/// them together.
fn foretold(seed: u64) -> World {
    let rng = &mut StdRng::seed_from_u64(seed);
    let mut world = World::default();
    for n in 0..rng.random_range(2..5) {
        let group = world.group(&format!("foretold-{n}"));
        let (events, every) = (
            *[2, 30, 60, 90].choose(rng).unwrap(),
            rng.random_range(10..20),
        );
        let latest = rng.random_range(1..9);
        let fill = |world: &mut World, rng: &mut StdRng, starts: i64, by: i64| {
            let event = world.event(group, starts);
            event.created = Some(starts - 40 * DAY);
            for person in 0..rng.random_range(15..25) {
                let at = starts - rng.random_range(0..30) * DAY;
                if at <= by {
                    let status = if rng.random_bool(0.1) && by > starts {
                        "NO_SHOW"
                    } else {
                        "YES"
                    };
                    event.answer(status, &[person]).last().updated = Some(at);
                }
            }
        };
        for back in 0..events {
            fill(&mut world, rng, A - (latest + back * every) * DAY, i64::MAX);
        }
        for days in [3, 6, 12, 30] {
            if rng.random_bool(0.6) {
                fill(&mut world, rng, A + days * DAY, A);
                let event = world.events.last_mut().unwrap();
                event.status = "ACTIVE";
                event.venue = Some("hall");
                if rng.random_bool(0.5) {
                    event.joint = Some(format!("joint-{days}"));
                }
            }
        }
        world.groups[group].is_complete = rng.random_bool(0.9);
    }
    world
}

#[test]
fn one_group_by_itself_is_its_part_of_the_whole_on_drawn_worlds() {
    let mut seen = Seen::default();
    for seed in 0..30 {
        let (world, a, asked) = drawn::draw(seed);
        compare(
            &format!("world {seed}"),
            &world,
            &asked.settings(a),
            &mut seen,
        );
    }
    for seed in 0..6 {
        let (world, a, asked) = drawn::draw_asked(seed);
        compare(
            &format!("asked {seed}"),
            &world,
            &asked.settings(a),
            &mut seen,
        );
    }
    for seed in 0..22 {
        let settings = Settings {
            show_rate: (seed % 4 == 0).then_some(0.8),
            ..Settings::as_of(DateTime::from_timestamp(A, 0).unwrap())
        };
        compare(
            &format!("foretold {seed}"),
            &foretold(seed),
            &settings,
            &mut seen,
        );
    }
    let counts = [
        seen.alike,
        seen.own,
        seen.of_network,
        seen.not_proven,
        seen.orders,
        seen.shared,
        seen.notice,
    ];
    assert!(
        seen.groups > 120 && counts.iter().all(|it| *it > 3),
        "{seen:?}"
    );
}

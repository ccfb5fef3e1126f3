//! A whole digest of the demo's community.

use super::Told;
use crate::rig::Rig;
use chrono::{DateTime, TimeDelta, Utc};
use gatherd::community::MemberId;
use gatherd::demo::{Switches, World};
use gatherd::metrics::{self, Settings};
use gatherd::report::{self, Freshness, Report};

/// A Monday that is past whenever this runs, so that everything was over when it was read.
fn monday() -> DateTime<Utc> {
    "2026-08-31T06:00:00Z".parse().unwrap()
}

fn report_at(rig: &Rig, at: DateTime<Utc>) -> Report {
    let staff = rig.sim.with_world(|world| world.staff_ids());
    let settings = Settings {
        staff: Some(staff.into_iter().map(MemberId).collect()),
        with_people: true,
        policy: gatherd::community::Policy {
            events_per_year: Some(6),
            ..Default::default()
        },
        ..Settings::as_of(at)
    };
    let measured = rig
        .mirror
        .read(|conn| Ok(metrics::measure(conn, &settings)?))
        .unwrap();
    report::compose(measured, &settings, Freshness::new(Some(at), Vec::new()))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_s_monday_reads_well() {
    let rig = Rig::new(World::demo(1, 24, monday()), Switches::unlimited());
    rig.backfill().await.unwrap();
    let then = Told::of(report_at(&rig, monday() - TimeDelta::days(7)));
    let mut told = Told::of(report_at(&rig, monday()));
    let mut before = then.filed();
    before.please_write_to.truncate(2);
    told.before = vec![before];
    told.is_monthly = true;
    insta::assert_snapshot!(then.text(), @r#"
    Lanternfish User Groups · Monday 24 August 2026

    19 groups met in the last 365 days; 19 the year before. 151 events (198) and 1,221 people who took part (1,020).
    Last 30 days: 10 groups met (13 a year before). Last 90 days: 155 people took part for the first time (141 a year before).
    The year's trend: fewer events, more people. The last 90 days go the same way (36 events, 48 a year before).
    16 groups have a date announced.

    ## What there is (24 groups)
    This is the first digest here. From the next one on it tells what changed.
    Meets as agreed: 10 groups
    Meets now and then: 3 groups
    Restarted: 1 group
    New: 2 groups
    A longer pause than usual: 3 groups
    Quiet: 4 groups: 1 for 6–12 months, 2 for 1–3 years, 1 for over 3 years
    No first event yet: 1 group

    ## Where to start (5)
    - [Lanternfish Singapore] · a longer pause than usual · It needs an organizer: nobody leads it on Meetup but the network's own account. Nothing held for 124 days, its longest pause in three years; up to 83 days are usual here.
      Last met Tue 21 Apr, 11 said yes; nothing is announced. Ask who of its regulars would like to lead it.
      → [Caleb Abebe] (hosted lately), [Ivan] (hosted lately)
    - [Lanternfish St. John's] · a longer pause than usual · Nothing held for 147 days, its longest pause in three years; up to 84 days are usual here.
      Last met Sun 29 Mar, 8 said yes; nothing is announced. Ask what is in the way of a next date.
      → [Paula Ramírez], [Zawadi Sharma]
    - [Lanternfish São Paulo] · a longer pause than usual · Nothing held for 126 days, its longest pause in three years; up to 81 days are usual here.
      Last met Sun 19 Apr, 4 said yes; nothing is announced. Ask what is in the way of a next date.
      → [Kwame O'Brien], [Jana Wójcik]
    - [Lanternfish Toronto] · quiet since December 2025 · None of its 3 leaders was seen on Meetup in the last 90 days. Nothing held for 243 days.
      Last met Tue 23 Dec 2025, 25 said yes; nothing is announced. Ask how they are, and who could help them.
      → [<!channel> Max], [Olena Kim]
    - [Lanternfish New York] · meets as agreed · Mostly hosted by us: 11 of 14 events (79%) in the last 365 days had no other host.
      Last met Tue 11 Aug, 30 said yes; next on Tue 8 Sep, 23 yes so far. Ask who of its regulars would host the next one.
      → [Ana Björk], [Sunniva Aas]

    ## Worth a thank-you (2)
    - [Lanternfish Bengaluru] · Turns 3 tomorrow.
    - [Lanternfish Mexico City] · Turns 3 on Thursday.

    ## Next two weeks (6)
    What to order counts guests, too.
    - [Lanternfish London] · Wed 26 Aug 18:00 · 35 yes · expect 31 to 36 · order 36 seats, food for 32, 36 badges
    - [Lanternfish Adelaide] · Mon 31 Aug 13:35 · 15 yes · expect 15 to 20
    - [Lanternfish Lisbon] · Wed 2 Sep 19:00 · 24 yes · expect 26 to 33 · order 34 seats, food for 29, 32 badges
    - [Lanternfish Tokyo] · Sat 5 Sep 18:30 · 18 yes · expect 19 to 29
    - [Lanternfish Madrid] · Sat 5 Sep 18:00 · 27 yes · expect 22 to 32 · order 34 seats, food for 27, 31 badges
    - [Lanternfish Mexico City] · Sat 5 Sep 19:00 · 23 yes · expect 23 to 33 · order 34 seats, food for 27, 30 badges

    Data to Mon 24 Aug 06:00 UTC. All 24 groups were read.
    Attendance was marked at 103 of 161 events of the groups (64%) in the last 365 days, and never in 6 groups; elsewhere, figures are who said yes.
    "#);
    insta::assert_snapshot!(told.text(), @r#"
    Lanternfish User Groups · Monday 31 August 2026

    19 groups met in the last 365 days; 19 the year before. 149 events (198) and 1,209 people who took part (1,025).
    Last 30 days: 11 groups met (15 a year before). Last 90 days: 150 people took part for the first time (135 a year before).
    The year's trend: fewer events, more people. The last 90 days go the same way (36 events, 47 a year before).
    16 groups have a date announced.

    ## Please write to (3 of 5)
    - [Lanternfish São Paulo] · a longer pause than usual · Nothing held for 133 days, its longest pause in three years; up to 81 days are usual here.
      Last met Sun 19 Apr, 4 said yes; nothing is announced. Ask what is in the way of a next date.
      → [Kwame O'Brien], [Jana Wójcik]
    - [Lanternfish Toronto] · quiet since December 2025 · None of its 3 leaders was seen on Meetup in the last 90 days. Nothing held for 250 days.
      Last met Tue 23 Dec 2025, 25 said yes; nothing is announced. Ask how they are, and who could help them.
      → [<!channel> Max], [Olena Kim]
    - [Lanternfish New York] · meets as agreed · Mostly hosted by us: 11 of 14 events (79%) in the last 365 days had no other host.
      Last met Tue 11 Aug, 30 said yes; next on Tue 8 Sep, 23 yes so far. Ask who of its regulars would host the next one.
      → [Ana Björk], [Sunniva Aas]
    and 2 more; gatherd report lists them all

    ## Worth a thank-you (2)
    - [Lanternfish London] · A record in person: 35 said yes on Wed 26 Aug; the most before was 32, in 33 events.
    - [Lanternfish & Friends <Sydney>] · Turns 3 on Thursday.

    ## Next two weeks (10)
    What to order counts guests, too.
    - [Lanternfish Lisbon] · Wed 2 Sep 19:00 · 24 yes · expect 26 to 31 · order 32 seats, food for 29, 32 badges
    - [Lanternfish Tokyo] · Sat 5 Sep 18:30 · 18 yes · expect 17 to 24
    - [Lanternfish Madrid] · Sat 5 Sep 18:00 · 27 yes · expect 22 to 29 · order 31 seats, food for 26, 30 badges
    - [Lanternfish Mexico City] · Sat 5 Sep 19:00 · 23 yes · expect 21 to 28 · order 29 seats, food for 24, 27 badges
    - [Lanternfish New York] · Tue 8 Sep 18:00 · 23 yes · expect 20 to 27 · order 30 seats, food for 26, 28 badges
    - [Lanternfish Nairobi] · Wed 9 Sep 19:15 · 7 yes · expect 6 to 10 · order 10 seats, food for 8, 9 badges
    - [Lanternfish Paris] · Thu 10 Sep 19:15 · 21 yes · expect 20 to 27 · order 27 seats, food for 23, 25 badges
    - [Lanternfish Kyiv] · Fri 11 Sep 18:15 · 12 yes · expect 10 to 17 · order 19 seats, food for 15, 16 badges
    - [Lanternfish Hanoi] · Sat 12 Sep 18:15 · 6 yes · no forecast for a first event
    - [Lanternfish Berlin] · Sat 12 Sep 19:00 · 23 yes · expect 28 to 39 · order 44 seats, food for 36, 41 badges

    ## Whom to invite as ambassador (5 of 293)
    - [Sven Fischer] · Hosted 12 events and took part in 1 event in the last 365 days, in 6 groups. There in 12 different months, last on 2 Aug.
    - [Leila Kim] · Hosted 12 events in the last 365 days. There in 12 different months, last on 15 Aug.
    - [Camille Fischer] · Hosted 12 events in the last 365 days. There in 12 different months, last on 5 Aug.
    - [Lucía Hassan] · Hosted 12 events in the last 365 days. There in 12 different months, last on 1 Aug.
    - [Marek A.] · Hosted 7 events and took part in 4 events in the last 365 days, in 6 groups. There in 10 different months, last on 8 Aug.
    and 288 more; gatherd report --names tells of more

    ## Ready to hand over (8)
    Led and mostly hosted locally, month after month; they could go on without us: [Lanternfish Adelaide], [Lanternfish Bengaluru], [Lanternfish Berlin], [Lanternfish Lisbon], [Lanternfish London], [Lanternfish Madrid], [Lanternfish Paris], [Lanternfish Tokyo].

    ## People we miss (5 of 41)
    - [Ana Lindqvist] · Lanternfish Mexico City · Took part in 7 events from 365 to 120 days ago, last on 3 May, and in none of 3 since.
    - [Ingrid Hassan] · Lanternfish Madrid · Took part in 7 events from 365 to 120 days ago, last on 2 May, and in none of 4 since.
    - [Hiroshi A.] · Lanternfish Tokyo · Took part in 7 events from 365 to 120 days ago, last on 2 May, and in none of 4 since.
    - [Sana Ito] · Lanternfish Mexico City · Took part in 6 events from 365 to 120 days ago, last on 3 May, and in none of 3 since.
    - [Arjun O'Brien] · Lanternfish Adelaide · Took part in 6 events from 365 to 120 days ago, last on 18 Apr, and in none of 4 since.
    and 36 more; gatherd report --names tells of more

    ## Groups that share people (5 of 26)
    - [Lanternfish Berlin] and [Lanternfish Tokyo] · 160 of 231 people (69%) of the smaller one in the last 365 days.
    - [Lanternfish Lisbon] and [Lanternfish Tokyo] · 160 of 231 people (69%) of the smaller one in the last 365 days.
    - [Lanternfish New York] and [Lanternfish Tokyo] · 160 of 231 people (69%) of the smaller one in the last 365 days.
    - [Lanternfish Lisbon] and [Lanternfish New York] · 161 of 245 people (66%) of the smaller one in the last 365 days.
    - [Lanternfish Berlin] and [Lanternfish Lisbon] · 160 of 244 people (66%) of the smaller one in the last 365 days.
    and 21 more; gatherd report --explain network.overlaps lists them all

    ## Quiet for over a year, or not begun (4)
    - 1–2 years: 1 group.
    - 2–3 years: 1 group.
    - over 3 years: 1 group.
    - no first event yet: 1 group.

    Data to Mon 31 Aug 06:00 UTC. All 24 groups were read.
    Attendance was marked at 102 of 159 events of the groups (64%) in the last 365 days, and never in 6 groups; elsewhere, figures are who said yes.
    "#);
}

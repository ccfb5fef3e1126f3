//! A whole digest of the demo's community.

use super::Told;
use crate::rig::Rig;
use chrono::{DateTime, TimeDelta, Utc};
use gatherd::community::MemberId;
use gatherd::demo::{Switches, World};
use gatherd::metrics::{self, Settings};
use gatherd::report::message::Span;
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
    assert_eq!(chased(&then).len(), 3);
    assert!(chased(&then).iter().all(|url| url.contains("/events/")));
    insta::assert_snapshot!(then.text(), @r#"
    Lanternfish User Groups · Monday 24 August 2026 · data to 06:00 UTC, all 24 groups read

    600 people in the last 90 days, 510 a year before (+18 %); 36 events, 48 a year before (-25 %). 19 groups met in the last 12 months; 19 the year before.
    Last week: no events. This week: 1 event.
    Attendance was marked at 103 of 161 events of the groups (64%) in the last 365 days, and never in 6 groups; elsewhere, figures are who said yes.
    Groups that met, month by month since September 2024: ▇█▇▇█▇█▇▇█▆▇▅▅█▅▇▅▅▇▅▆▅▅ 10 in July 2026, 10 in August 2026 so far; the most 19, in March 2025.

    ## What there is (24 groups)
    This is the first digest here. From the next one on it tells what changed.
    Meets as agreed: 10 groups
    Meets now and then: 3 groups
    Restarted: 1 group
    New: 2 groups
    Long without a date: 3 groups
    Quiet: 4 groups: 1 for 6–12 months, 2 for 1–3 years, 1 for over 3 years
    No first event yet: 1 group

    ## Where to start (5 of 15)
    All 15: 1 in need of an organizer, 2 long without a date, 1 without a first event, 1 whose leaders were not seen lately, 9 below the policy, 1 mostly hosted by us.
    - [Lanternfish New York] · 126 people and 15 events in the year up to August · Mostly hosted by us: 11 of 14 events (79%) in the last 365 days had no other host. Last met Tue 11 Aug, 30 said yes; next on Tue 8 Sep, 23 yes so far.
      Ask who of its regulars would host the next one.
      → [Ana Björk], [Sunniva Aas]
    - [Lanternfish Singapore] · 50 people and 8 events in the year up to April · It needs an organizer: nobody leads it on Meetup but the network's own account. Nothing held for 124 days and nothing announced; usually every 32. In other networks, about 9 in 10 such pauses went past half a year.
      Ask who of its regulars would like to lead it.
      → [Caleb Abebe] (hosted lately), [Ivan] (hosted lately)
    - [Lanternfish Toronto] · 75 people and 10 events in the year up to December 2025 · None of its 3 leaders was seen on Meetup, answered or hosted in the last 90 days. Below the policy of 6 events a year since 22 Jun: 4 in the last 365 days. Last met Tue 23 Dec 2025, 25 said yes; nothing is announced.
      Ask how they are, and who could help them.
      → [<!channel> Max], [Olena Kim]
    - [Lanternfish Warsaw] · 69 people and 10 events in the year up to June 2024 · Below the policy of 6 events a year since 17 Dec 2024: 0 in the last 365 days. Last met Sun 23 Jun 2024, 27 said yes; nothing is announced.
      Ask what is in the way of a next date.
      → [Matías Abebe], [Fatima]
    - [Lanternfish São Paulo] · 31 people and 8 events in the year up to April · Nothing held for 126 days and nothing announced; usually every 32. In other networks, about 9 in 10 such pauses went past half a year. Below the policy of 6 events a year since 25 Jun: 4 in the last 365 days.
      Ask who else could host: Kwame O'Brien alone hosted 3 of 4 events.
      → [Kwame O'Brien], [Jana Wójcik]
    Also waiting (10): Lanternfish St. John's, Lanternfish Zürich, Lanternfish Seattle, Lanternfish Kathmandu, Lanternfish Waitangi, Lanternfish & Friends <Sydney>, Lanternfish Kyiv, Lanternfish Nairobi, Lanternfish Hanoi, Lanternfish Dublin (all: gatherd digest --all)

    ## Worth a thank-you (2)
    - [Lanternfish Bengaluru] · Turns 3 tomorrow.
    - [Lanternfish Mexico City] · Turns 3 on Thursday.

    ## How they stand
    Meetup calls GRACE: [Lanternfish Berlin], [Lanternfish Warsaw].
    Below the policy of 6 events a year: [Lanternfish Dublin], [Lanternfish Hanoi], [Lanternfish Kathmandu] (since 21 Jun), [Lanternfish Kyiv] (since 21 Mar), [Lanternfish Nairobi], [Lanternfish São Paulo] (since 25 Jun), [Lanternfish Seattle] (since 5 Aug 2023), [Lanternfish Singapore] (since 25 Jun), [Lanternfish St. John's] (since 7 Jun), [Lanternfish & Friends <Sydney>] (since 21 Jun), [Lanternfish Toronto] (since 22 Jun), [Lanternfish Waitangi] (since 18 Jun) and 2 more.

    ## Next two weeks (6)
    Attendance is not marked at 5 events in person of the last 30 days: ask their hosts: [Lanternfish Adelaide] (Sat 15 Aug), [Lanternfish New York] (Tue 11 Aug), [Lanternfish Kyiv] (Fri 7 Aug) and 2 more (all: gatherd report --explain network.attendance_owed).
    - [Lanternfish London] · Wed 26 Aug 18:00 · 35 yes · expect 31 to 36 (last three: 29, 28, 14) · order 36 seats, food for 32, 36 badges (with guests; by its show rate of 90%)
    - [Lanternfish Adelaide] · Mon 31 Aug 13:35 · 15 yes · expect 15 to 20 (last three: 23, 31, 31)
    - [Lanternfish Lisbon] · Wed 2 Sep 19:00 · 24 yes · expect 26 to 33 (last three: 30, 17, 17)
    - [Lanternfish Tokyo] · Sat 5 Sep 18:30 · 18 yes · expect 19 to 29 (last three: 19, 21, 8)
    - [Lanternfish Madrid] · Sat 5 Sep 18:00 · 27 yes · expect 22 to 32 (last three: 22, 35, 12)
    - [Lanternfish Mexico City] · Sat 5 Sep 19:00 · 23 yes · expect 23 to 33 (last three: 16, 18, 22)

    How a number is made: gatherd report --explain KEY --group GROUP
    "#);
    insta::assert_snapshot!(told.text(), @r#"
    Lanternfish User Groups · Monday 31 August 2026 · data to 06:00 UTC, all 24 groups read

    603 people in the last 90 days, 504 a year before (+20 %); 36 events, 47 a year before (-23 %). 19 groups met in the last 12 months; 19 the year before.
    The last 12 months: 1,209 people, 1,025 a year before (+18 %); 149 events, 198 a year before (-25 %).
    Last week: 1 event, 35 said yes, 1 person for the first time. This week: 5 events.
    Attendance was marked at 102 of 159 events of the groups (64%) in the last 365 days, and never in 6 groups; elsewhere, figures are who said yes.
    Groups that met, month by month since September 2024: ▇█▇▇█▇█▇▇█▆▇▅▅█▅▇▅▅▇▅▆▅▅ 10 in July 2026, 11 in August 2026 so far; the most 19, in March 2025.

    ## Please write to (5 of 15)
    All 15: 1 in need of an organizer, 2 long without a date, 1 without a first event, 1 whose leaders were not seen lately, 9 below the policy, 1 mostly hosted by us.
    - [Lanternfish Toronto] · 75 people and 10 events in the year up to December 2025 · None of its 3 leaders was seen on Meetup, answered or hosted in the last 90 days. Below the policy of 6 events a year since 22 Jun: 4 in the last 365 days. Last met Tue 23 Dec 2025, 25 said yes; nothing is announced.
      Ask how they are, and who could help them.
      → [<!channel> Max], [Olena Kim]
    - [Lanternfish Warsaw] · 69 people and 10 events in the year up to June 2024 · Below the policy of 6 events a year since 17 Dec 2024: 0 in the last 365 days. Last met Sun 23 Jun 2024, 27 said yes; nothing is announced.
      Ask what is in the way of a next date.
      → [Matías Abebe], [Fatima]
    - [Lanternfish São Paulo] · 31 people and 8 events in the year up to April · Nothing held for 133 days and nothing announced; usually every 32. In other networks, about 9 in 10 such pauses went past half a year. Below the policy of 6 events a year since 25 Jun: 3 in the last 365 days.
      Ask who else could host: Kwame O'Brien alone hosted 2 of 3 events.
      → [Kwame O'Brien], [Jana Wójcik]
    - [Lanternfish St. John's] · 28 people and 8 events in the year up to March · Nothing held for 154 days and nothing announced; usually every 31. In other networks, nearly all such pauses went past half a year. Below the policy of 6 events a year since 7 Jun: 3 in the last 365 days.
      Ask what is in the way of a next date.
      → [Paula Ramírez], [Zawadi Sharma]
    - [Lanternfish Zürich] · 48 people and 10 events in the year up to July 2025 · Below the policy of 6 events a year since 3 Jan: 0 in the last 365 days. Last met Thu 10 Jul 2025, 15 said yes; nothing is announced.
      Ask what is in the way of a next date.
      → [Ingrid Wójcik], [Nia Z.]
    Also waiting (10): Lanternfish New York, Lanternfish Singapore, Lanternfish Seattle, Lanternfish Kathmandu, Lanternfish Waitangi, Lanternfish & Friends <Sydney>, Lanternfish Kyiv, Lanternfish Nairobi, Lanternfish Hanoi, Lanternfish Dublin (all: gatherd digest --all)

    ## Worth a thank-you (1)
    - [Lanternfish London] · A record in person: 35 said yes on Wed 26 Aug; the most before was 32, in 33 events.

    ## Changed since 24 Aug
    Meetup calls GRACE: [Lanternfish Berlin], [Lanternfish Warsaw].
    Below the policy of 6 events a year: [Lanternfish Dublin], [Lanternfish Hanoi], [Lanternfish Kathmandu] (since 21 Jun), [Lanternfish Kyiv] (since 21 Mar), [Lanternfish Nairobi], [Lanternfish São Paulo] (since 25 Jun), [Lanternfish Seattle] (since 5 Aug 2023), [Lanternfish Singapore] (since 25 Jun), [Lanternfish St. John's] (since 7 Jun), [Lanternfish & Friends <Sydney>] (since 21 Jun), [Lanternfish Toronto] (since 22 Jun), [Lanternfish Waitangi] (since 18 Jun) and 2 more.

    ## Next two weeks (10)
    Attendance is not marked at last week's event in person: ask its hosts: [Lanternfish London] (Wed 26 Aug).
    - [Lanternfish Lisbon] · Wed 2 Sep 19:00 · 24 yes · expect 26 to 31 (last three: 30, 17, 17) · order 32 seats, food for 29, 32 badges (with guests; by its show rate of 89%)
    - [Lanternfish Tokyo] · Sat 5 Sep 18:30 · 18 yes · expect 17 to 24 (last three: 19, 21, 8)
    - [Lanternfish Madrid] · Sat 5 Sep 18:00 · 27 yes · expect 22 to 29 (last three: 22, 35, 12) · order 31 seats, food for 26, 30 badges (with guests; by its show rate of 88%)
    - [Lanternfish Mexico City] · Sat 5 Sep 19:00 · 23 yes · expect 21 to 28 (last three: 16, 18, 22) · order 29 seats, food for 24, 27 badges (with guests; by the network's show rate of 89%)
    - [Lanternfish New York] · Tue 8 Sep 18:00 · 23 yes · expect 20 to 27 (last three: 30, 30, 20)
    - [Lanternfish Nairobi] · Wed 9 Sep 19:15 · 7 yes · expect 6 to 10
    - [Lanternfish Paris] · Thu 10 Sep 19:15 · 21 yes · expect 20 to 27 (last three: 25, 29, 19)
    - [Lanternfish Kyiv] · Fri 11 Sep 18:15 · 12 yes · expect 10 to 17 (last three: 13, 11, 13)
    - [Lanternfish Hanoi] · Sat 12 Sep 18:15 · 6 yes · no forecast for a first event
    - [Lanternfish Berlin] · Sat 12 Sep 19:00 · 23 yes · expect 28 to 39 (last three: 27, 21, 15)

    ## Whom to invite as ambassador (5 of 293)
    - [Tuva] · Said yes to 10 events in the last 365 days, in 6 groups. In 10 different months, last on 8 Aug.
    - [Camille Murphy] · Said yes to 10 events in the last 365 days, in 6 groups. In 9 different months, last on 1 Aug. Brought 2 guests.
    - [Tuva Larsen] · Said yes to 9 events in the last 365 days, in 6 groups. In 9 different months, last on 5 Aug.
    - [Aaliyah T.] · Said yes to 8 events in the last 365 days, in 6 groups. In 8 different months, last on 11 Aug.
    - [Ewa Moreau] · Said yes to 8 events in the last 365 days, in 6 groups. In 7 different months, last on 5 Jul.
    and 288 more; gatherd report --names tells of more

    ## Keys: who could take a group over and was never there (2)
    - [Lanternfish Dublin] · [Hiroshi K.] (co-organizer): never hosted here nor said yes, seen 21 Aug: can take the group over.
    - [Lanternfish Hanoi] · [Ana Petrov] (co-organizer): never hosted here nor said yes, seen 17 Aug: can take the group over.

    ## Ready to hand over (8)
    Led and mostly hosted locally, month after month; they could go on without us: [Lanternfish Adelaide], [Lanternfish Bengaluru], [Lanternfish Berlin], [Lanternfish Lisbon], [Lanternfish London], [Lanternfish Madrid], [Lanternfish Paris], [Lanternfish Tokyo].

    ## People we miss (5 of 39)
    - [Ana Lindqvist] · Lanternfish Mexico City · Said yes to 7 events from 365 to 120 days ago, last on 3 May, and to none of 3 since.
    - [Ingrid Hassan] · Lanternfish Madrid · Said yes to 7 events from 365 to 120 days ago, last on 2 May, and to none of 4 since.
    - [Hiroshi A.] · Lanternfish Tokyo · Said yes to 7 events from 365 to 120 days ago, last on 2 May, and to none of 4 since.
    - [Sana Ito] · Lanternfish Mexico City · Said yes to 6 events from 365 to 120 days ago, last on 3 May, and to none of 3 since.
    - [Arjun O'Brien] · Lanternfish Adelaide · Said yes to 6 events from 365 to 120 days ago, last on 18 Apr, and to none of 4 since.
    and 34 more; gatherd report --names tells of more

    ## Keys: too few leaders seen lately (8)
    - Their leaders who visited, answered or hosted in the last 90 days: [Lanternfish Mexico City] (1 of 1), [Lanternfish Toronto] (0 of 3), [Lanternfish Warsaw] (0 of 4), [Lanternfish Singapore] (nobody leads it), [Lanternfish Zürich] (1 of 4), [Lanternfish Seattle] (0 of 2), [Lanternfish Nairobi] (1 of 1), [Lanternfish Dublin] (1 of 1)

    ## Groups that share people (5 of 26)
    - [Lanternfish Lisbon] and [Lanternfish New York] · 161 of 245 people (66%) of the smaller one in the last 365 days.
    - [Lanternfish Berlin] and [Lanternfish Lisbon] · 160 of 244 people (66%) of the smaller one in the last 365 days.
    - [Lanternfish Berlin] and [Lanternfish New York] · 160 of 244 people (66%) of the smaller one in the last 365 days.
    - [Lanternfish Berlin] and [Lanternfish Tokyo] · 160 of 231 people (69%) of the smaller one in the last 365 days.
    - [Lanternfish Lisbon] and [Lanternfish Tokyo] · 160 of 231 people (69%) of the smaller one in the last 365 days.
    and 21 more; gatherd report --explain network.overlaps lists them all

    ## Quiet for over a year, or not begun (4)
    - 1–2 years: 1 group.
    - 2–3 years: 1 group.
    - over 3 years: 1 group.
    - no first event yet: 1 group.

    How a number is made: gatherd report --explain KEY --group GROUP
    "#);
}

/// Where the names of events lead whose attendance is to be marked.
fn chased(told: &Told) -> Vec<String> {
    let message = told.digest().message;
    let coming = message.sections.into_iter().find(|section| {
        let heading = section.heading.as_deref();
        heading.is_some_and(|it| it.starts_with("Next two weeks"))
    });
    let spans = coming.unwrap().lines.into_iter().flat_map(|line| line.0);
    spans
        .filter_map(|span| match span {
            Span::Link { url, .. } => Some(url),
            _ => None,
        })
        .collect()
}

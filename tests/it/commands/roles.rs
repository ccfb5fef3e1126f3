//! Who leads a group changes at Meetup, and so does what it is called: logged, told once, to whom it concerns.

use super::alerts::{Sponsor, group, told};
use crate::program::database_of;
use gatherd::demo::LeavesOut;
use gatherd::demo::world::{PersonAt, Role, World};

const LOG: &str =
    "SELECT coalesce(old_role, '-') || ' ' || coalesce(new_role, '-') FROM role_changes";
const NONE: Vec<String> = Vec::new();

/// A leader of the group who is not the network's account.
fn leader(world: &World, nth: u32) -> PersonAt {
    let group = world.group(group(world, nth));
    let mut rows = group.memberships.iter();
    let leads = rows.find(|it| it.role != Role::Member && Some(it.person) != group.organizer);
    leads.unwrap().person
}

/// Gives a leader another role in place of the network's account, or of whoever has it.
fn take_over(world: &mut World, nth: u32, person: PersonAt) {
    let at = group(world, nth);
    let mut rows = world.group(at).memberships.iter();
    let before = rows.find(|it| it.role == Role::Organizer).unwrap().person;
    world.change_role(at, before, Role::Member);
    world.change_role(at, person, Role::Organizer);
}

/// A network whose groups are led by local organizers.
fn local() -> Sponsor {
    let mut world = World::sized(97, 4, 40, 500, 200, chrono::Utc::now());
    for nth in 0..4 {
        let person = leader(&world, nth);
        take_over(&mut world, nth, person);
    }
    Sponsor::of(world, "")
}

#[test]
fn a_take_over_is_logged_and_told_once_and_no_log_line_names_anybody() {
    let sponsor = local();
    assert_eq!(sponsor.sync(), NONE);
    assert_eq!(
        sponsor.program.rows(LOG),
        NONE,
        "what was found is no change"
    );
    let (old, new) = sponsor.change(|world| {
        let (old, at) = (leader(world, 1), group(world, 1));
        let rows = world.group(at).memberships.iter();
        let new = rows.map(|it| it.person).nth(9).unwrap();
        take_over(world, 1, new);
        (
            world.person(old).name.clone(),
            world.person(new).name.clone(),
        )
    });
    let ran = sponsor.program.run(&["-v", "sync"]).exits(0);
    assert!(
        !ran.err.contains(&old) && !ran.err.contains(&new),
        "{}",
        ran.err
    );
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    assert_eq!(told(&came[0].json), ["organizer_changed sized-group-0001"]);
    let sentence = came[0].json["data"]["alerts"][0]["sentence"]
        .as_str()
        .unwrap();
    assert!(
        sentence.starts_with(&format!(
            "{new} is its organizer now (without a role before, "
        )),
        "{sentence}"
    );
    assert!(
        sentence.contains(&format!("Before, it was {old} (a member still, ")),
        "{sentence}"
    );
    assert_eq!(sponsor.program.rows(LOG), ["- ORGANIZER", "ORGANIZER -"]);
    let digest = unwrapped(&sponsor.program.run(&["digest"]).exits(0).out);
    let told = format!(" ({new}; before, {old}).");
    assert!(
        digest.contains("Another organizer: ") && digest.contains(&told),
        "{digest}"
    );
    for arguments in [&["sync"][..], &["sync", "--sweep"]] {
        sponsor.program.run(arguments).exits(0);
    }
    assert!(sponsor.receiver.take().is_empty());
    assert_eq!(sponsor.program.rows(LOG).len(), 2);
}

#[test]
fn a_group_with_another_name_and_address_is_told_once() {
    let sponsor = Sponsor::new(98, "");
    sponsor.change(|world| {
        let at = group(world, 2);
        world.rename_group(at, "Another Name", "another-name");
    });
    sponsor.program.run(&["sync"]).exits(0);
    let came = sponsor.receiver.take();
    assert_eq!(told(&came[0].json), ["renamed another-name"]);
    let sentence = came[0].json["data"]["alerts"][0]["sentence"]
        .as_str()
        .unwrap();
    assert!(
        sentence.contains("before, it was sized-group-0002"),
        "{sentence}"
    );
    assert_eq!(sponsor.sync(), NONE);
    let log = "SELECT old_name || ' ' || new_name || ' ' || old_urlname || ' ' || new_urlname FROM name_changes";
    let name = "Sized Bengaluru 2";
    assert_eq!(
        sponsor.program.rows(log),
        [format!("{name} Another Name sized-group-0002 another-name")]
    );
    let digest = sponsor.program.run(&["digest"]).exits(0).out;
    let told = format!("New names: Another Name (was {name}; its address was sized-group-0002).");
    assert!(unwrapped(&digest).contains(&told), "{digest}");
}

/// A text in one line.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_networks_account_that_leads_every_group_is_one_message_to_the_operator() {
    let sponsor = local();
    let alerts = sponsor.channel("alerts", "\"alerts\"");
    let operator = sponsor.channel("operator", "\"operator\"");
    sponsor.configure(&format!("{alerts}{operator}"));
    sponsor.change(|world| {
        for nth in 0..4 {
            let at = group(world, nth);
            let admin = world.group(at).organizer.unwrap();
            take_over(world, nth, admin);
        }
    });
    sponsor.program.run(&["sync"]).exits(0);
    let came = sponsor.receiver.take();
    let of_account = |it: &&gatherd::demo::Received| told(&it.json) == ["admin_roles -"];
    assert_eq!(came.iter().filter(of_account).count(), 1);
    assert!(
        came.iter()
            .filter(of_account)
            .all(|it| it.path == "/operator")
    );
    // That nobody else leads some of them is another matter.
    let rest = came.iter().filter(|it| !of_account(it));
    for alert in rest.flat_map(|it| told(&it.json)) {
        assert!(alert.starts_with("leaderless "), "{alert}");
    }
    assert_eq!(sponsor.sync(), NONE);
}

#[test]
fn a_change_of_a_narrowed_channels_group_reaches_it_and_one_of_another_group_does_not() {
    let sponsor = local();
    let narrow = sponsor.channel("narrow", "\"alerts\"");
    sponsor.configure(&format!("{narrow}groups = [\"sized-group-0001\"]\n"));
    sponsor.change(|world| {
        for nth in 0..2 {
            let rows = world.group(group(world, nth)).memberships.iter();
            let new = rows.map(|it| it.person).nth(9).unwrap();
            take_over(world, nth, new);
        }
    });
    sponsor.program.run(&["sync"]).exits(0);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    assert_eq!(told(&came[0].json), ["organizer_changed sized-group-0001"]);
}

#[test]
fn leaders_whose_loss_is_not_believed_are_not_logged_until_it_is() {
    let sponsor = local();
    sponsor
        .program
        .sim
        .switch(|switches| switches.leaves_out = LeavesOut::Leaders);
    sponsor.program.run(&["sync"]).exits(3);
    assert_eq!(sponsor.program.rows(LOG), NONE);
    sponsor.program.run(&["sync", "--accept-shrink"]);
    let lost = sponsor.program.rows(LOG);
    let live = "SELECT count(*) FROM memberships WHERE status = 'LEADER' AND gone_at IS NOT NULL AND role <> 'MEMBER'";
    assert_eq!(sponsor.program.rows(live), [lost.len().to_string()]);
    assert!(
        !lost.is_empty() && lost.iter().all(|it| it.ends_with(" -")),
        "{lost:?}"
    );
}

#[test]
fn what_could_not_be_filed_is_told_by_the_next_look() {
    let sponsor = local();
    sponsor.change(|world| {
        let rows = world.group(group(world, 1)).memberships.iter();
        let new = rows.map(|it| it.person).nth(9).unwrap();
        take_over(world, 1, new);
    });
    let database = sponsor.program.path("gatherd.db");
    database_of(
        &database,
        "CREATE TRIGGER broken BEFORE INSERT ON delivery_row BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    sponsor.program.run(&["sync"]);
    assert!(sponsor.receiver.take().is_empty());
    assert_eq!(sponsor.program.rows(LOG).len(), 2);
    database_of(&database, "DROP TRIGGER broken");
    assert_eq!(sponsor.sync(), ["organizer_changed sized-group-0001"]);
    assert_eq!(sponsor.program.rows(LOG).len(), 2);
}

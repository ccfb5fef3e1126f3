//! The log of roles begins with what the mirror holds at the upgrade.

use super::{NONE, OUTSIDE, kept, place, program_as_kept};
use gatherd::demo::Receiver;
use gatherd::demo::world::{GroupAt, Role};

const LOG: &str = "SELECT group_id || ' ' || coalesce(old_role, '-') || ' ' || coalesce(new_role, '-') FROM role_changes";

#[test]
fn what_changed_since_the_upgrade_is_told_by_the_first_pass_and_nothing_older() {
    let (_, file) = kept()
        .into_iter()
        .rfind(|(version, _)| *version < 10)
        .unwrap();
    let program = program_as_kept();
    place(&program, &file);
    let hook = Receiver::start().unwrap();
    program.configure(&format!(
        "{}[[network]]\nurlname = \"kept\"\n[[group]]\nurlname = \"{OUTSIDE}\"\n\
         [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\nsends = [\"alerts\"]\n\
         secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        program.meetup_section(""),
        hook.url("/hook"),
    ));
    program.run(&["status"]).exits(0);
    assert_eq!(program.rows(LOG), NONE);
    let id = program.sim.with_world(|world| {
        let at = GroupAt(1);
        let co = world.group(at).memberships[1].person;
        world.change_role(at, co, Role::EventOrganizer);
        world.rename_group(GroupAt(0), "Another Name", "another-name");
        world.group(at).id
    });
    program.run(&["sync"]).exits(0);
    assert_eq!(
        program.rows(LOG),
        [format!("{id} COORGANIZER EVENT_ORGANIZER")]
    );
    let kinds: Vec<String> = hook
        .take()
        .iter()
        .flat_map(|it| it.json["data"]["alerts"].as_array().unwrap().clone())
        .map(|it| it["kind"].as_str().unwrap().to_owned())
        .filter(|kind| ["organizer_changed", "new_leader", "renamed"].contains(&kind.as_str()))
        .collect();
    assert_eq!(kinds, ["new_leader", "renamed"]);
    program.run(&["sync"]).exits(0);
    assert!(hook.take().is_empty());
}

//! Killed while the sign-in is renewed: it works afterwards, or ends in exit 4 with its remedy.

use super::{ended_by_force, kills, pass, seed};
use crate::program::{Program, until};
use gatherd::demo::{CLIENT_ID, CLIENT_SECRET, Dice, SEED_REFRESH_TOKEN};
use std::time::Duration;

fn signed_in_with(program: &Program, refresh_token: &str) {
    let more = format!("client_id = \"{CLIENT_ID}\"\nrefresh_token = \"{refresh_token}\"\n");
    let meetup = program.meetup_section(&more);
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
}

#[test]
fn a_sign_in_that_is_killed_while_it_renews_goes_on_or_asks_for_a_person() {
    let seed = seed();
    let mut dice = Dice::new(seed);
    let mut program = Program::small(seed).without_token();
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    signed_in_with(&program, SEED_REFRESH_TOKEN);
    program.run(&["backfill"]).exits(0);
    let (mut killed, mut renewing, mut lost) = (0, 0, 0);
    for round in 0..kills() {
        program.sim.revoke_access_tokens();
        let begun = program.sim.counters().token_requests;
        let mut running = program.start(&["sync"]);
        until("it renews its sign-in", || {
            running.is_over() || program.sim.counters().token_requests > begun
        });
        // Now and then longer than all of it takes.
        let most = *dice.pick(&[500, 3_000, 30_000]);
        pass(Duration::from_micros(dice.below(most) as u64));
        killed += u32::from(ended_by_force(running));
        renewing += u32::from(program.sim.counters().token_requests > begun);
        for entry in std::fs::read_dir(program.path("gatherd.db.state")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let known = ["tokens.json", "tokens.lock", "tokens.new"];
            assert!(known.contains(&name.as_str()), "seed {seed}: {name}");
        }
        let ran = program.run(&["sync"]);
        if ran.code == 4 {
            lost += 1;
            ran.says(&["sign-in needed", "invalid_grant", "new refresh_token"]);
            // Somebody does as told.
            let again = format!("again-{round}");
            program.sim.allow_refresh_token(&again);
            signed_in_with(&program, &again);
            program.run(&["sync"]).exits(0);
        } else {
            ran.exits(0);
        }
        assert_eq!(program.integrity(), "ok", "seed {seed}");
    }
    assert!(killed > 0, "seed {seed}");
    assert!(lost <= renewing, "seed {seed}: {lost} of {renewing}");
    println!("seed {seed}: {killed} kills, {renewing} while renewing, {lost} ended in exit 4");
    program.run(&["sync", "--sweep"]).exits(0);
    assert_eq!(program.differences(), super::NONE, "seed {seed}");
}

#[test]
fn what_a_kill_left_of_a_renewal_is_finished_or_taken_away() {
    let mut program = Program::small(41).without_token();
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    signed_in_with(&program, SEED_REFRESH_TOKEN);
    program.run(&["sync"]).exits(0);
    let (file, draft) = (
        program.path("gatherd.db.state/tokens.json"),
        program.path("gatherd.db.state/tokens.new"),
    );
    // The successor was written, and the kill came before it took its place.
    let old = std::fs::read(&file).unwrap();
    program.sim.revoke_access_tokens();
    program.run(&["sync"]).exits(0);
    std::fs::rename(&file, &draft).unwrap();
    std::fs::write(&file, old).unwrap();
    program.sim.revoke_access_tokens();
    program.run(&["sync"]).exits(0);
    assert!(!draft.exists());
    // It came before, or in the midst of the writing.
    let whole = std::fs::read(&file).unwrap();
    for left in [
        b"".as_slice(),
        &[b' '; 900],
        &whole[..whole.len() / 2],
        &[0; 5_000],
    ] {
        std::fs::write(&draft, left).unwrap();
        program.sim.revoke_access_tokens();
        program.run(&["sync"]).exits(0);
        assert!(!draft.exists());
    }
}

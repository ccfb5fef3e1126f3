//! What is said of a listing that does not end.

use super::alerts::Sponsor;
use gatherd::demo::{Connection, Endless};
use serde_json::Value;

fn status(sponsor: &Sponsor) -> Value {
    let ran = sponsor.program.run(&["status", "--json"]).exits(0);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn a_listing_that_invents_rows_for_ever_fails_its_scope_and_is_told_by_all_who_tell() {
    for connection in [
        Connection::Groups,
        Connection::Events,
        Connection::GroupEvents,
        Connection::Memberships,
        Connection::Rsvps,
    ] {
        let sponsor = Sponsor::new(660, "");
        sponsor.program.run(&["sync"]).exits(0);
        sponsor
            .program
            .sim
            .switch(|switches| switches.endless = Endless::Invents(connection));
        for args in [&["sync"][..], &["sync", "--sweep"]] {
            sponsor.program.sim.reset_counters();
            let ran = sponsor.program.run(args);
            println!("{connection:?} {args:?} -> {}\n{}\n{}", ran.code, ran.out, ran.err);
            println!("{:?}", sponsor.program.sim.counters());
        }
        println!("{}", status(&sponsor));
        println!("{}", sponsor.program.run(&["report"]).exits(0).out);
        println!("{:?}", sponsor.program.run(&["status", "--check"]));
        sponsor.program.sim.switch(|switches| switches.endless = Endless::Ends);
        let ran = sponsor.program.run(&["sync", "--sweep"]);
        println!("{connection:?} healed -> {}\n{}\n{}", ran.code, ran.out, ran.err);
        let ran = sponsor.program.run(&["sync", "--sweep", "--accept-shrink"]);
        println!("{connection:?} healed -> {}\n{}\n{}", ran.code, ran.out, ran.err);
    }
}

//! What sending came to, for people and scripts.

use super::Exit;
use crate::deliver::Drained;

/// What a drain came to, for a script.
pub(super) fn exit(drained: &Drained) -> Exit {
    if drained.later.is_empty() && drained.dead.is_empty() {
        Exit::Done
    } else {
        Exit::Partly
    }
}

/// What a drain came to, in lines.
pub(super) fn told(drained: &Drained) -> String {
    let mut text = String::new();
    for id in &drained.sent {
        text.push_str(&format!("delivery {id}: sent\n"));
    }
    for (id, lacks) in &drained.in_part {
        text.push_str(&format!("delivery {id}: {lacks}\n"));
    }
    for (id, why) in &drained.later {
        text.push_str(&format!(
            "delivery {id}: not yet, {why}; it is tried again\n"
        ));
    }
    for (id, why) in &drained.dead {
        text.push_str(&format!("delivery {id}: given up, {why}\n  mend the channel, then run `gatherd deliveries retry {id}`\n"));
    }
    text
}

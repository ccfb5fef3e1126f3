//! Logs of who leads and of what is called otherwise, for drawn worlds.

use crate::world::{DAY, NameLine, RoleLine, World};

/// Who leads the groups changes, and what they are called, in the week before and in the one before that.
pub fn draw(world: &mut World, a: i64, seed: u64) {
    let (org, co) = (Some("ORGANIZER"), Some("COORGANIZER"));
    let mut turned = |group: usize, person: u32, old, new, days: i64| {
        let at = a - days * DAY;
        world.roles.push(RoleLine {
            group,
            person,
            old,
            new,
            at,
        });
    };
    let groups = world.groups.len();
    for group in 0..groups {
        match (group as u64 + seed) % 8 {
            0 => {
                turned(group, 901, org, co, 3);
                turned(group, 902, None, org, 3);
            }
            1 => {
                turned(group, 901, org, None, 9);
                turned(group, 903, org, None, 2);
                turned(group, 902, None, co, 2);
            }
            2 => {
                turned(group, 901, None, co, 4);
                turned(group, 901, co, Some("EVENT_ORGANIZER"), 2);
                turned(group, 902, None, co, 1);
            }
            3 => {
                turned(group, 901, None, co, 4);
                turned(group, 901, co, None, 2);
            }
            4 => turned(group, 901, None, org, 9),
            5 => turned(group, 901, None, org, 1),
            _ => {}
        }
    }
    for (group, row) in world.groups.iter().enumerate() {
        let is = (row.name.clone(), row.urlname.clone());
        let was = [
            ("Once".to_owned(), is.1.clone()),
            (is.0.clone(), "once".to_owned()),
            ("Once".to_owned(), "once".to_owned()),
        ];
        let mut line = |old: &(String, String), new: &(String, String), days: i64| {
            world.names.push(NameLine {
                group,
                old: old.clone(),
                new: new.clone(),
                at: a - days * DAY,
            });
        };
        match (group as u64 + seed) % 7 {
            nth @ 0..=2 => line(&was[nth as usize], &is, 5),
            3 => {
                line(&is, &was[0], 4);
                line(&was[0], &is, 3);
            }
            4 => line(&was[2], &is, 8),
            5 => {
                line(&was[2], &was[0], 4);
                line(&was[0], &is, 3);
            }
            _ => {}
        }
    }
}

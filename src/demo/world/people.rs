//! What people do: answer, change their minds, come, stay away, join and leave.

use super::{Answer, EventAt, GroupAt, Membership, PersonAt, Role, Rsvp, Standing, World};

impl World {
    /// A person answers an event, or answers otherwise than before. Gives the RSVP's id.
    pub fn answer(&mut self, event: EventAt, person: PersonAt, answer: Answer, now: i64) -> u64 {
        if let Some(rsvp) = self.rsvp_mut(event, person) {
            rsvp.answer = answer;
            rsvp.updated_at = Some(now);
            return rsvp.id;
        }
        let id = self.fresh_rsvp_id();
        self.events[event.index()].rsvps.push(Rsvp {
            id,
            person,
            answer,
            guests: 0,
            is_host: false,
            is_hidden: false,
            updated_at: Some(now),
        });
        id
    }

    /// Adds an RSVP as it is, but under a fresh id (the largest so far, so lists stay by id).
    pub fn add_rsvp(&mut self, event: EventAt, mut rsvp: Rsvp) -> u64 {
        rsvp.id = self.fresh_rsvp_id();
        self.events[event.index()].rsvps.push(rsvp);
        rsvp.id
    }

    fn fresh_rsvp_id(&mut self) -> u64 {
        self.next_rsvp += 3;
        self.next_rsvp
    }

    fn rsvp_mut(&mut self, event: EventAt, person: PersonAt) -> Option<&mut Rsvp> {
        self.events[event.index()]
            .rsvps
            .iter_mut()
            .find(|rsvp| rsvp.person == person)
    }

    /// Changes an RSVP in any way but its id and person. False if there is none.
    pub fn edit_rsvp(
        &mut self,
        event: EventAt,
        person: PersonAt,
        edit: impl FnOnce(&mut Rsvp),
    ) -> bool {
        let Some(rsvp) = self.rsvp_mut(event, person) else {
            return false;
        };
        let id = rsvp.id;
        edit(rsvp);
        rsvp.id = id;
        rsvp.person = person;
        true
    }

    /// Takes an RSVP back without a trace. False if there is none.
    pub fn remove_rsvp(&mut self, event: EventAt, person: PersonAt) -> bool {
        let rsvps = &mut self.events[event.index()].rsvps;
        let before = rsvps.len();
        rsvps.retain(|rsvp| rsvp.person != person);
        rsvps.len() < before
    }

    /// Takes an RSVP out of the lists, or puts it back; the counts keep it.
    pub fn hide_rsvp(&mut self, event: EventAt, person: PersonAt, is_hidden: bool) -> bool {
        self.edit_rsvp(event, person, |rsvp| rsvp.is_hidden = is_hidden)
    }

    /// Flags an RSVP as a host's.
    pub fn flag_host(&mut self, event: EventAt, person: PersonAt, is_host: bool) -> bool {
        self.edit_rsvp(event, person, |rsvp| rsvp.is_host = is_host)
    }

    /// Two people change places within one second: no count tells, only `updated` does.
    pub fn swap_answers(&mut self, event: EventAt, one: PersonAt, other: PersonAt, now: i64) {
        let answer = |world: &Self, person| world.event(event).rsvp_of(person).map(|r| r.answer);
        if let (Some(first), Some(second)) = (answer(self, one), answer(self, other)) {
            self.answer(event, one, second, now);
            self.answer(event, other, first, now);
        }
    }

    /// Changes how many guests someone brings; the switch says whether `updated` moves.
    pub fn change_guests(
        &mut self,
        event: EventAt,
        person: PersonAt,
        guests: u16,
        now: i64,
    ) -> bool {
        let moves = self.switches.updated_moves_with_guests;
        self.edit_rsvp(event, person, |rsvp| {
            rsvp.guests = guests;
            if moves {
                rsvp.updated_at = Some(now);
            }
        })
    }

    /// Dates a person's answer, as a clock that was wrong does.
    pub fn date_answer(&mut self, event: EventAt, person: PersonAt, at: i64) -> bool {
        self.edit_rsvp(event, person, |rsvp| rsvp.updated_at = Some(at))
    }

    /// An organizer marks who came; the switch says whether `updated` moves.
    pub fn mark_attendance(
        &mut self,
        event: EventAt,
        person: PersonAt,
        answer: Answer,
        now: i64,
    ) -> bool {
        let moves = self.switches.updated_moves_with_attendance;
        self.edit_rsvp(event, person, |rsvp| {
            rsvp.answer = answer;
            if moves {
                rsvp.updated_at = Some(now);
            }
        })
    }

    /// A person joins a group as a plain member; nothing happens if they are in it already.
    pub fn join(&mut self, group: GroupAt, person: PersonAt, now: i64) {
        self.add_membership(
            group,
            Membership {
                person,
                role: Role::Member,
                standing: Standing::Active,
                is_hidden: false,
                joined_at: now,
                last_access_at: Some(now),
            },
        );
    }

    /// Adds a membership as it is, unless the person has one.
    pub fn add_membership(&mut self, group: GroupAt, membership: Membership) {
        let memberships = &mut self.groups[group.index()].memberships;
        if memberships
            .iter()
            .any(|known| known.person == membership.person)
        {
            return;
        }
        let key = (membership.joined_at, membership.person);
        let place = memberships.partition_point(|known| (known.joined_at, known.person) < key);
        memberships.insert(place, membership);
    }

    /// A person leaves a group without a trace; with `rsvps`, their answers to its events go too.
    pub fn leave(&mut self, group: GroupAt, person: PersonAt, rsvps: bool) {
        let row = &mut self.groups[group.index()];
        row.memberships
            .retain(|membership| membership.person != person);
        if rsvps {
            let events: Vec<EventAt> = row.events.iter().map(|&(_, at)| at).collect();
            for event in events {
                self.remove_rsvp(event, person);
            }
        }
    }

    /// Changes a membership in any way but who and when. False if there is none.
    pub fn edit_membership(
        &mut self,
        group: GroupAt,
        person: PersonAt,
        edit: impl FnOnce(&mut Membership),
    ) -> bool {
        let row = &mut self.groups[group.index()];
        let Some(membership) = row
            .memberships
            .iter_mut()
            .find(|known| known.person == person)
        else {
            return false;
        };
        let joined_at = membership.joined_at;
        edit(membership);
        membership.joined_at = joined_at;
        membership.person = person;
        true
    }

    /// Gives a member another role; leading roles have the standing LEADER.
    pub fn change_role(&mut self, group: GroupAt, person: PersonAt, role: Role) -> bool {
        self.edit_membership(group, person, |membership| {
            membership.role = role;
            membership.standing = if role == Role::Member {
                Standing::Active
            } else {
                Standing::Leader
            };
        })
    }
}

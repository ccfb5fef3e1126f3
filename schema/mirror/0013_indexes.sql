-- RSVPs are looked for by their id (an RSVP belongs to one event: src/mirror/rsvps.rs), and by nothing else outside
-- their event. Ids are given one after the other, so a history that is read by time writes such an index at its
-- end; one by member was written all over, and made each row dearer the more there were.
DROP INDEX rsvp_by_member;
CREATE INDEX rsvp_by_id ON rsvp_row (id);
-- Nothing asks in which groups somebody is: memberships are looked for by group and member, which is their key.
DROP INDEX membership_by_member;

//! Who said yes.

use super::*;

#[test]
fn yes_people_guests_and_medians_are_those_of_the_year() {
    let figures = one(|w, g| {
        w.met(g, 10, &[1, 2, 3]).last().guests = 2;
        w.met(g, 20, &[1]).kind = "ONLINE";
        w.met(g, 30, &[1, 4]).kind = "HYBRID";
        let event = w.met(g, 40, &[]);
        event.answer("WAITLIST", &[8]).last().guests = 5;
        event.answer("ATTENDED", &[9]);
        w.met(g, 365, &[7]);
    });
    let attendance = figures.attendance;
    assert_eq!(
        (
            attendance.yes_365,
            attendance.people_365,
            attendance.guests_365
        ),
        (7, 5, 2)
    );
    assert_eq!(attendance.median_yes, Some(1.5));
    assert_eq!(attendance.median_yes_in_person, Some(2.0));
    assert_eq!(attendance.median_yes_online, Some(1.0));
}

#[test]
fn the_show_rate_looks_only_where_attendance_was_taken() {
    let figures = one(|w, g| {
        w.met(g, 10, &[1, 2])
            .answer("NO_SHOW", &[3, 4, 5])
            .answer("EXCUSED_ABSENCE", &[6]);
        w.met(g, 20, &[1, 2, 3]);
        w.met(g, 30, &[1]).answer("EXCUSED_ABSENCE", &[2]);
    });
    assert_eq!(figures.attendance.attendance_taken, rate(2, 3));
    assert_eq!(figures.attendance.show_rate, rate(3, 6));
}

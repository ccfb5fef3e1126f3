//! What a group is in the community's story, and which gatherings follow from it.

use crate::community::Status;
use crate::demo::clock::DAY;
use crate::demo::dice::Dice;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// The life a group has led.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Story {
    /// Meets monthly, local people host.
    OnTarget,
    /// Meets monthly, but the sponsor's staff do all the work.
    Staffed,
    /// Meets monthly, and all depends on one person.
    OnePerson,
    /// Meets monthly, staff started it, local people carry it now.
    HandedOver,
    /// Meets monthly and rests every July and August.
    Seasonal,
    /// Meets every two or three months.
    NowAndThen,
    /// Met monthly, then less and less; nothing is planned.
    Fading,
    /// The same, and its leaders are gone.
    Leaderless,
    /// Has not met for so many days.
    Quiet(u16),
    /// Founded lately, met twice.
    New,
    /// Founded lately, its first event is announced.
    AboutToStart,
    /// Founded long ago, never met.
    Unstarted,
    /// Meets again after a long silence.
    Restarted,
}

/// The stories in the order in which groups take them.
const STORIES: [Story; 24] = [
    Story::OnTarget,
    Story::Staffed,
    Story::OnTarget,
    Story::Fading,
    Story::Restarted,
    Story::Quiet(250),
    Story::NowAndThen,
    Story::New,
    Story::HandedOver,
    Story::Seasonal,
    Story::Quiet(800),
    Story::Unstarted,
    Story::OnTarget,
    Story::Quiet(1_300),
    Story::NowAndThen,
    Story::OnTarget,
    Story::OnePerson,
    Story::AboutToStart,
    Story::NowAndThen,
    Story::Leaderless,
    Story::Fading,
    Story::OnTarget,
    Story::OnTarget,
    Story::Quiet(420),
];

/// Who stands at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Local people, taking turns.
    Locals,
    /// Always the same local person.
    OneLocal,
    /// The sponsor's staff.
    Staff,
    /// Staff and a local person.
    Both,
}

/// A gathering of a group's past or future.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) start: i64,
    pub(super) door: Door,
    pub(super) is_cancelled: bool,
    /// How keen people are, 1 being usual.
    pub(super) draw: f64,
}

/// On which evening of the month a group meets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evening {
    pub(super) zone: Tz,
    pub(super) nth: u8,
    pub(super) weekday: Weekday,
    pub(super) minute_of_day: u32,
}

impl Story {
    /// The story of the group in that place.
    pub(super) fn of_place(index: usize) -> Self {
        STORIES[index % STORIES.len()]
    }

    /// The status that the metrics must find for it.
    pub fn status(self) -> Status {
        match self {
            Self::OnTarget
            | Self::Staffed
            | Self::OnePerson
            | Self::HandedOver
            | Self::Seasonal => Status::OnTarget,
            Self::NowAndThen => Status::Meeting,
            Self::Fading | Self::Leaderless => Status::Overdue,
            Self::Quiet(_) => Status::Quiet,
            Self::New | Self::AboutToStart => Status::New,
            Self::Unstarted => Status::Unstarted,
            Self::Restarted => Status::Restarted,
        }
    }

    /// Meets about every month and goes on doing so.
    pub fn is_lively(self) -> bool {
        self.status() == Status::OnTarget
    }

    /// Weeks from one evening to the next where it meets by custom and goes on doing so.
    pub(in crate::demo) fn weeks(self) -> Option<i64> {
        match self {
            Self::OnTarget
            | Self::Staffed
            | Self::OnePerson
            | Self::HandedOver
            | Self::Seasonal
            | Self::New
            | Self::AboutToStart
            | Self::Restarted => Some(4),
            Self::NowAndThen => Some(9),
            Self::Fading | Self::Leaderless | Self::Quiet(_) | Self::Unstarted => None,
        }
    }

    /// Its gatherings, past and announced, oldest first.
    pub(super) fn gatherings(self, evening: Evening, now: i64, dice: &mut Dice) -> Vec<Slot> {
        let mut slots = match self {
            Self::OnTarget => monthly(evening, now, 26 + dice.below(16) as i32, |_| Door::Locals),
            Self::Staffed => monthly(evening, now, 30, |month| {
                if month % 5 == 0 {
                    Door::Both
                } else {
                    Door::Staff
                }
            }),
            Self::OnePerson => monthly(evening, now, 33, |_| Door::OneLocal),
            Self::HandedOver => monthly(evening, now, 34, |month| match month {
                ..=-16 => Door::Staff,
                -15..=-12 => Door::Both,
                _ => Door::Locals,
            }),
            Self::Seasonal => {
                let mut all = monthly(evening, now, 38, |_| Door::Locals);
                all.retain(|slot| !matches!(evening.month_of(slot.start), 7 | 8));
                if !all.iter().any(|slot| slot.start > now) {
                    let next = (1..4).map(|month| evening.in_month(now, month));
                    let open = |start: &i64| !matches!(evening.month_of(*start), 7 | 8);
                    all.extend(
                        next.filter(open)
                            .take(1)
                            .map(|start| slot(start, Door::Locals)),
                    );
                }
                all
            }
            Self::NowAndThen => {
                let past = [
                    -34, -32, -29, -27, -24, -22, -19, -17, -14, -12, -9, -7, -4, -2,
                ];
                past.into_iter()
                    .chain([1])
                    .map(|month| slot(evening.in_month(now, month), Door::Locals))
                    .collect()
            }
            Self::Fading | Self::Leaderless => {
                let past = (-38..=-12).chain([-9, -7]);
                let mut all: Vec<Slot> = past
                    .map(|month| slot(evening.in_month(now, month), Door::Locals))
                    .collect();
                for slot in &mut all {
                    let months_ago = (now - slot.start) as f64 / (30.0 * DAY as f64);
                    slot.draw = (months_ago / 26.0).clamp(0.35, 1.0);
                }
                all.push(Slot {
                    draw: 0.3,
                    ..slot(
                        evening.days_from(now, -dice.between(128, 165)),
                        Door::Locals,
                    )
                });
                all
            }
            Self::Quiet(days) => {
                let last = -i64::from(days);
                (0..22)
                    .rev()
                    .map(|turn| {
                        let days = last - turn * 37 - dice.between(-4, 4);
                        slot(evening.days_from(now, days), Door::Locals)
                    })
                    .collect()
            }
            Self::New => [-62, -27, 9]
                .map(|days| slot(evening.days_from(now, days), Door::Locals))
                .to_vec(),
            Self::AboutToStart => vec![slot(evening.days_from(now, 12), Door::Both)],
            Self::Unstarted => {
                vec![Slot {
                    is_cancelled: true,
                    ..slot(evening.days_from(now, -210), Door::Locals)
                }]
            }
            Self::Restarted => (0..16)
                .map(|turn| -900 + turn * 31)
                .chain([-58, -24, 11])
                .map(|days| slot(evening.days_from(now, days), Door::Locals))
                .collect(),
        };
        slots.sort_by_key(|slot| slot.start);
        slots.dedup_by_key(|slot| slot.start);
        slots
    }

    /// How long ago it was founded, in days, if that does not follow from its first gathering.
    pub(super) fn founded_days_ago(self) -> Option<i64> {
        match self {
            Self::New => Some(150),
            Self::AboutToStart => Some(55),
            Self::Unstarted => Some(520),
            _ => None,
        }
    }

    /// Members it has about, at the usual appetite of its city.
    pub(super) fn members(self) -> i64 {
        match self {
            Self::New => 48,
            Self::AboutToStart => 31,
            Self::Unstarted => 22,
            Self::Quiet(_) | Self::NowAndThen => 120,
            Self::OnePerson | Self::Restarted => 140,
            _ => 190,
        }
    }
}

fn slot(start: i64, door: Door) -> Slot {
    Slot {
        start,
        door,
        is_cancelled: false,
        draw: 1.0,
    }
}

/// One gathering in each month, and the next one announced.
fn monthly(evening: Evening, now: i64, months: i32, door: impl Fn(i32) -> Door) -> Vec<Slot> {
    let mut slots: Vec<Slot> = (-months..=0)
        .map(|month| slot(evening.in_month(now, month), door(month)))
        .collect();
    if slots.last().is_some_and(|last| last.start <= now) {
        slots.push(slot(evening.in_month(now, 1), door(1)));
    }
    slots
}

impl Evening {
    fn local_date(&self, at: i64) -> NaiveDate {
        let instant = DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
        instant.with_timezone(&self.zone).date_naive()
    }

    /// The calendar month of an instant, local.
    pub(super) fn month_of(&self, at: i64) -> u32 {
        self.local_date(at).month()
    }

    fn on(&self, date: NaiveDate) -> i64 {
        let local = date
            .and_hms_opt(self.minute_of_day / 60, self.minute_of_day % 60, 0)
            .unwrap_or_default();
        // An evening skipped or doubled by a clock change: take what the zone offers first.
        self.zone
            .from_local_datetime(&local)
            .earliest()
            .map_or_else(|| local.and_utc().timestamp(), |at| at.timestamp())
    }

    /// This evening in the month so many months from now's.
    pub(super) fn in_month(&self, now: i64, months: i32) -> i64 {
        let today = self.local_date(now);
        let step = Months::new(months.unsigned_abs());
        let month = if months < 0 {
            today - step
        } else {
            today + step
        };
        let date = NaiveDate::from_weekday_of_month_opt(
            month.year(),
            month.month(),
            self.weekday,
            self.nth,
        );
        self.on(date.unwrap_or(month))
    }

    /// The hour of this evening on the day so many days from now's.
    pub(super) fn days_from(&self, now: i64, days: i64) -> i64 {
        let today = self.local_date(now);
        let step = Days::new(days.unsigned_abs());
        self.on(if days < 0 { today - step } else { today + step })
    }
}

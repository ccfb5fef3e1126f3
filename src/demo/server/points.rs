//! The points window, and what was asked how often.

use crate::demo::switches::Switches;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// What the server counted since it started (or since `reset`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// Questions that arrived, refused ones included.
    pub requests: u64,
    /// Questions by operation name.
    pub by_operation: BTreeMap<String, u64>,
    /// Points of all questions, refused ones included.
    pub points: u64,
    /// Most points that arrived within any window of the limit's length, refused ones included.
    pub most_points_in_window: u32,
    /// Questions refused with RATE_LIMITED for their points.
    pub throttled: u64,
    /// Questions that came before the instant until which a refusal had told to wait.
    pub early: u64,
    /// Rows of listings sent.
    pub rows: u64,
    /// Bytes of answers sent.
    pub bytes: u64,
    /// Requests to the token endpoint.
    pub token_requests: u64,
}

/// The window of points, sliding.
#[derive(Debug, Default)]
pub struct Window {
    spent: VecDeque<(Instant, u32)>,
    arrived: VecDeque<(Instant, u32)>,
    closed_until: Option<Instant>,
}

/// Why a question is refused.
#[derive(Debug, Clone, Copy)]
pub struct Throttled {
    /// Points spent in the window.
    pub consumed: u32,
    /// Until enough of them are free again.
    pub wait: Duration,
}

impl Window {
    /// Counts a question by the points known before it is answered, or refuses it.
    pub fn arrive(
        &mut self,
        points: u32,
        switches: &Switches,
        counters: &mut Counters,
        now: Instant,
    ) -> Result<(), Throttled> {
        let length = switches.points_window;
        counters.points += u64::from(points);
        counters.early += u64::from(self.closed_until.is_some_and(|until| now < until));
        self.arrived.push_back((now, points));
        counters.most_points_in_window =
            counters
                .most_points_in_window
                .max(sum_within(&mut self.arrived, length, now));
        let consumed = sum_within(&mut self.spent, length, now);
        if let Some(limit) = switches.points_limit
            && consumed > 0
            && consumed + points > limit
        {
            counters.throttled += 1;
            let mut freed = 0;
            let wait = self
                .spent
                .iter()
                .find(|(_, points_then)| {
                    freed += points_then;
                    consumed - freed + points <= limit
                })
                .map_or(length, |(then, _)| {
                    (*then + length).saturating_duration_since(now)
                });
            if !switches.reset_at_in_past {
                self.closed_until = self.closed_until.max(Some(now + wait));
            }
            return Err(Throttled { consumed, wait });
        }
        self.spent.push_back((now, points));
        Ok(())
    }

    /// Adds points that only the answer showed.
    pub fn add(&mut self, points: u32, counters: &mut Counters, switches: &Switches, now: Instant) {
        counters.points += u64::from(points);
        self.spent.push_back((now, points));
        self.arrived.push_back((now, points));
        counters.most_points_in_window = counters.most_points_in_window.max(sum_within(
            &mut self.arrived,
            switches.points_window,
            now,
        ));
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.spent.clear();
        self.arrived.clear();
        self.closed_until = None;
    }
}

fn sum_within(list: &mut VecDeque<(Instant, u32)>, length: Duration, now: Instant) -> u32 {
    while list
        .front()
        .is_some_and(|(then, _)| now.duration_since(*then) >= length)
    {
        list.pop_front();
    }
    list.iter().map(|(_, points)| points).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides_and_says_when_enough_is_free() {
        let switches = Switches {
            points_limit: Some(5),
            points_window: Duration::from_secs(60),
            ..Switches::default()
        };
        let (mut window, mut counters) = (Window::default(), Counters::default());
        let start = Instant::now();
        let mut at = |seconds, points| {
            window.arrive(
                points,
                &switches,
                &mut counters,
                start + Duration::from_secs(seconds),
            )
        };
        assert!(at(0, 3).is_ok());
        assert!(at(10, 2).is_ok());
        let refused = at(20, 1).unwrap_err();
        assert_eq!(
            (refused.consumed, refused.wait),
            (5, Duration::from_secs(40))
        );
        assert!(at(60, 3).is_ok());
        assert!(
            at(200, 50).is_ok(),
            "one question alone may exceed the limit"
        );
        assert_eq!((counters.throttled, counters.early), (1, 0));
        assert_eq!(counters.most_points_in_window, 50);
    }
}

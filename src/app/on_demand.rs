//! What takes a while and somebody looks at now and then: made when it is asked for, by whoever measures, and kept while
//! the figures stay. Whoever asked comes back for it.

use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// So many are kept, and asked for at once.
const KEPT: usize = 16;

/// What is kept and asked for, by what tells it from others.
pub(super) struct OnDemand<K, V> {
    kept: Mutex<Vec<Kept<K, V>>>,
    wanted: Mutex<Vec<K>>,
}

struct Kept<K, V> {
    key: K,
    /// Of the figures.
    version: i64,
    as_of: DateTime<Utc>,
    made: Arc<V>,
}

impl<K, V> Default for OnDemand<K, V> {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            wanted: Mutex::default(),
        }
    }
}

impl<K: Clone + PartialEq, V> OnDemand<K, V> {
    /// What was made of it, if anything was; and whether it is to be made, or again: figures have moved to `version`, or a
    /// day has passed.
    pub(super) fn find(
        &self,
        key: &K,
        (version, as_of): (i64, DateTime<Utc>),
    ) -> (Option<Arc<V>>, bool) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|it| it.key == *key);
        let is_good = found
            .is_some_and(|it| it.version >= version && it.as_of.date_naive() >= as_of.date_naive());
        let found = found.map(|it| Arc::clone(&it.made));
        if !is_good {
            let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            if wanted.len() < KEPT && !wanted.contains(key) {
                wanted.push(key.clone());
            }
        }
        (found, !is_good)
    }

    /// One of those that are asked for.
    pub(super) fn next(&self) -> Option<K> {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        (!wanted.is_empty()).then(|| wanted.remove(0))
    }

    /// Keeps one, in the place of the oldest where there are many.
    pub(super) fn keep(&self, key: K, (version, as_of): (i64, DateTime<Utc>), made: V) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| it.key != key);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept {
            key,
            version,
            as_of,
            made: Arc::new(made),
        });
    }
}

//! A hash table whose order cannot be seen.
//!
//! Promises: a look-up costs one hash; the only way to walk the entries is in the bytewise order of their
//! keys. Does not: keep that order between walks. Costs: a sort for each walk.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// A map from `K` to `V`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<K: Hash + Eq, V>(FxHashMap<K, V>);

impl<K: Hash + Eq, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<K: Hash + Eq + Ord, V> Table<K, V> {
    /// The value at a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }

    /// The value at a key, to change.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.0.get_mut(key)
    }

    /// Sets the value at a key.
    pub fn insert(&mut self, key: K, value: V) {
        self.0.insert(key, value);
    }

    /// Sets the value at a key, which is copied only when it is new.
    pub fn set(&mut self, key: &K, value: V)
    where
        K: Clone,
    {
        match self.0.get_mut(key) {
            Some(slot) => *slot = value,
            None => self.insert(key.clone(), value),
        }
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &K) {
        self.0.remove(key);
    }

    /// The sum of what `part` takes of each value; a sum has no order.
    pub fn sum(&self, part: impl Fn(&V) -> i128) -> i128 {
        self.0.values().map(part).sum()
    }

    /// The entries in the order of their keys.
    #[must_use]
    pub fn sorted(&self) -> Vec<(&K, &V)> {
        let mut entries: Vec<_> = self.0.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        entries
    }
}

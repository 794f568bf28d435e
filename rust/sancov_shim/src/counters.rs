//! Where the edges' counters and their table are, and which of them a stretch of the run has moved.

use core::slice::from_raw_parts;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::Mutex;

/// First and last address of the counters, first and last of the table.
static REGIONS: [AtomicUsize; 4] = [const { AtomicUsize::new(0) }; 4];
/// How many low bits of [`sancov_path`] count new edges: a look meets less than 65,536 of them, and the 48 bits that are
/// left tell the sets apart. The reader in Python has the same number.
pub const GAINED_BITS: u32 = 16;

static PATH: Mutex<Path> = Mutex::new(Path::new());

struct Path {
    /// The counters at the last look.
    before: Vec<u8>,
    /// 1 for each edge that was ever taken.
    seen: Vec<u8>,
    /// How many of them there are.
    seen_count: usize,
}

/// Writes four addresses: start and end of the counters, a byte an edge, and of the table, an address and flags an
/// edge. All are 0 in a library that was not instrumented.
///
/// # Safety
/// `regions` must be valid for four writes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sancov_regions(regions: *mut usize) {
    for (place, region) in REGIONS.iter().enumerate() {
        // SAFETY: the caller's promise.
        unsafe { regions.add(place).write(region.load(Relaxed)) };
    }
}

/// The set of edges that were taken since the last call, as one number; 0 for none. How often does not count. The
/// lowest [`GAINED_BITS`] bits say how many of them no call had seen before, as far as they reach.
///
/// # Safety
/// No other thread may run instrumented code meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sancov_path() -> u64 {
    let Ok(mut path) = PATH.lock() else { return 0 };
    let before = path.seen_count;
    // SAFETY: this crate is not instrumented, so nobody writes to the counters but by the caller's leave.
    let moved = path.moved(unsafe { counters() });
    let gained = (path.seen_count - before) as u64;
    moved >> GAINED_BITS << GAINED_BITS | gained.min((1 << GAINED_BITS) - 1)
}

/// How many edges calls of [`sancov_path`] have ever seen taken.
#[unsafe(no_mangle)]
pub extern "C" fn sancov_seen() -> usize {
    PATH.lock().map_or(0, |path| path.seen_count)
}

/// Makes every counter that is not 0 a 1, so that the fuzzer sees which edges were taken and not how often: a case of
/// two hundred steps would be new for its length alone. Not to be followed by [`sancov_path`] before the next run.
///
/// # Safety
/// No other thread may run instrumented code meanwhile, nor be in [`sancov_path`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sancov_flatten() {
    let [start, end] = [&REGIONS[0], &REGIONS[1]].map(|region| region.load(Relaxed));
    for counter in start..end {
        let counter = counter as *mut u8;
        // SAFETY: the start-up code gave these bounds of a static array, and by the caller's promise nobody else reads
        // or writes it now.
        unsafe { counter.write(counter.read().min(1)) };
    }
}

/// # Safety
/// The compiler's start-up code calls it, with the bounds of a static array of bytes.
#[doc(hidden)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __sanitizer_cov_8bit_counters_init(start: usize, end: usize) {
    REGIONS[0].store(start, Relaxed);
    REGIONS[1].store(end, Relaxed);
}

#[doc(hidden)]
#[unsafe(no_mangle)]
pub extern "C" fn __sanitizer_cov_pcs_init(start: usize, end: usize) {
    REGIONS[2].store(start, Relaxed);
    REGIONS[3].store(end, Relaxed);
}

/// The compiler reports calls through pointers here; their targets' own edges tell the same.
#[doc(hidden)]
#[unsafe(no_mangle)]
pub extern "C" fn __sanitizer_cov_trace_pc_indir(_: usize) {}

/// The counters; none in a library that was not instrumented.
///
/// # Safety
/// While the slice is in use nothing may write to the counters, and instrumented code does.
unsafe fn counters<'a>() -> &'a [u8] {
    let [start, end] = [&REGIONS[0], &REGIONS[1]].map(|region| region.load(Relaxed));
    if start == 0 {
        return &[];
    }
    // SAFETY: the compiler's start-up code gave these bounds of a static array; the rest is the caller's promise.
    unsafe { from_raw_parts(start as *const u8, end - start) }
}

impl Path {
    /// A line of the cache: most of them have not moved, and are passed over at once.
    const CHUNK: usize = 64;

    const fn new() -> Self {
        Self { before: Vec::new(), seen: Vec::new(), seen_count: 0 }
    }

    fn moved(&mut self, now: &[u8]) -> u64 {
        self.before.resize(now.len(), 0);
        self.seen.resize(now.len(), 0);
        let (chunks, rest) = now.as_chunks::<{ Self::CHUNK }>();
        let mut path = 0;
        for (place, chunk) in chunks.iter().enumerate() {
            let start = place * Self::CHUNK;
            let before = &self.before[start..start + Self::CHUNK];
            // Not `!=`, which is a call for each chunk.
            if before.iter().zip(chunk).fold(0, |other, (was, is)| other | (was ^ is)) != 0 {
                path = self.look_at(start, chunk, path);
            }
        }
        self.look_at(now.len() - rest.len(), rest, path)
    }

    fn look_at(&mut self, start: usize, now: &[u8], mut path: u64) -> u64 {
        for (place, is) in (start..).zip(now) {
            if self.before[place] != *is {
                self.before[place] = *is;
                self.seen_count += usize::from(self.seen[place] == 0);
                self.seen[place] = 1;
                path = mixed(path ^ (place + 1) as u64);
            }
        }
        path
    }
}

/// The finaliser of `SplitMix64`: every bit of the word moves about half of the result's.
const fn mixed(word: u64) -> u64 {
    let word = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::Path;

    fn path_of(now: &[u8]) -> u64 {
        Path::new().moved(now)
    }

    /// The path is the set of edges, in whatever number each was taken.
    #[test]
    fn a_path_is_a_set() {
        let mut one = [0; 200];
        (one[3], one[130]) = (1, 2);
        let mut other = one;
        other[3] = 9;
        assert_eq!(path_of(&one), path_of(&other));
        other[131] = 1;
        assert_ne!(path_of(&one), path_of(&other));
        assert_eq!(path_of(&[0; 200]), 0);
    }

    /// A second look sees what moved since the first, and what was seen stays so.
    #[test]
    fn a_look_begins_at_the_last() {
        let mut path = Path::new();
        path.moved(&[1, 0, 0]);
        assert_eq!(path.moved(&[1, 0, 0]), 0);
        assert_eq!(path.moved(&[1, 5, 0]), path_of(&[0, 1, 0]));
        assert_eq!((path.seen_count, path.seen), (2, vec![1, 1, 0]));
    }
}

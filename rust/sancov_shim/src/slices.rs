//! The last comparisons of slices and texts that were not equal.
//!
//! Rust compares them by `bcmp` and `memcmp`, which the linker is told to replace (`--wrap`) by what is here.

use core::ffi::{c_int, c_void};
use core::slice::from_raw_parts;
use std::sync::Mutex;

/// How many comparisons are kept: 64 KiB of them.
const SLICES_MAX: usize = 1 << 10;
/// The longest side that is kept: with the byte for its length it fills 32, as the reader in Python expects.
const BYTES_MAX: usize = 31;

/// Length and bytes of either side.
type Side = [u8; 1 + BYTES_MAX];
struct Slices {
    made: usize,
    kept: [[Side; 2]; SLICES_MAX],
}

static SLICES: Mutex<Slices> = Mutex::new(Slices { made: 0, kept: [[[0; 1 + BYTES_MAX]; 2]; SLICES_MAX] });

unsafe extern "C" {
    fn __real_bcmp(one: *const c_void, other: *const c_void, count: usize) -> c_int;
    fn __real_memcmp(one: *const c_void, other: *const c_void, count: usize) -> c_int;
}

/// How many slices were found unequal since the last call, at most the 1,024 that are kept, the first ones;
/// `sides` is set to the first of two sides a comparison, each of a byte for the length and 31 for the text. They stay
/// as they are until the next comparison.
///
/// # Safety
/// `sides` must be valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sancov_slices(sides: *mut *const c_void) -> usize {
    let Ok(mut slices) = SLICES.lock() else { return 0 };
    // SAFETY: the caller's promise.
    unsafe { sides.write(slices.kept.as_ptr().cast()) };
    core::mem::take(&mut slices.made)
}

/// # Safety
/// As for `bcmp`.
#[doc(hidden)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap_bcmp(one: *const c_void, other: *const c_void, count: usize) -> c_int {
    // SAFETY: the same promise.
    unsafe {
        let order = __real_bcmp(one, other, count);
        note(order, one, other, count);
        order
    }
}

/// # Safety
/// As for `memcmp`.
#[doc(hidden)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap_memcmp(one: *const c_void, other: *const c_void, count: usize) -> c_int {
    // SAFETY: the same promise.
    unsafe {
        let order = __real_memcmp(one, other, count);
        note(order, one, other, count);
        order
    }
}

/// # Safety
/// Both must be valid for `count` reads.
unsafe fn note(order: c_int, one: *const c_void, other: *const c_void, count: usize) {
    if order == 0 || !(2..=BYTES_MAX).contains(&count) {
        return;
    }
    let Ok(mut slices) = SLICES.try_lock() else { return };
    let place = slices.made;
    if place == SLICES_MAX {
        return;
    }
    for (side, from) in slices.kept[place].iter_mut().zip([one, other]) {
        side[0] = u8::try_from(count).unwrap_or(0);
        // SAFETY: the caller's promise.
        side[1..=count].copy_from_slice(unsafe { from_raw_parts(from.cast(), count) });
    }
    slices.made = place + 1;
}

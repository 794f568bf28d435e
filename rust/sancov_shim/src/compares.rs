//! The last comparisons of integers.
//!
//! Promises: the operands of the last [`COMPARES_MAX`] comparisons of four or eight bytes, and of what a `match` was
//! held against. Does not: see 128 bits, which the compiler reports nothing of; keep bytes and 16 bits, where trying
//! is cheaper than knowing.

use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// How many comparisons are kept: 256 KiB of them. A power of two, so that the places wrap with the count; the reader in
/// Python has the same number.
pub const COMPARES_MAX: usize = 1 << 14;

static OPERANDS: [AtomicU64; 2 * COMPARES_MAX] = [const { AtomicU64::new(0) }; 2 * COMPARES_MAX];
static MADE: AtomicUsize = AtomicUsize::new(0);

/// How many comparisons were made since the last call; `operands` is set to the first of `2 * COMPARES_MAX` words,
/// two a comparison, the constant first where there is one. Of more than fit, the last ones are there.
///
/// # Safety
/// `operands` must be valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sancov_compares(operands: *mut *const AtomicU64) -> usize {
    // SAFETY: the caller's promise.
    unsafe { operands.write(OPERANDS.as_ptr()) };
    MADE.swap(0, Relaxed)
}

fn note(one: u64, other: u64) {
    let place = 2 * (MADE.fetch_add(1, Relaxed) % COMPARES_MAX);
    OPERANDS[place].store(one, Relaxed);
    OPERANDS[place + 1].store(other, Relaxed);
}

macro_rules! traces {
    ($($name:ident($width:ty) => $to:expr;)*) => {$(
        #[doc(hidden)]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(one: $width, other: $width) {
            let to: fn(u64, u64) = $to;
            to(u64::from(one), u64::from(other));
        }
    )*};
}

traces! {
    __sanitizer_cov_trace_cmp1(u8) => |_, _| {};
    __sanitizer_cov_trace_cmp2(u16) => |_, _| {};
    __sanitizer_cov_trace_cmp4(u32) => note;
    __sanitizer_cov_trace_cmp8(u64) => note;
    __sanitizer_cov_trace_const_cmp1(u8) => |_, _| {};
    __sanitizer_cov_trace_const_cmp2(u16) => |_, _| {};
    __sanitizer_cov_trace_const_cmp4(u32) => note;
    __sanitizer_cov_trace_const_cmp8(u64) => note;
}

/// Of a `match`: `cases` holds how many there are, their width in bits, and then each.
///
/// # Safety
/// The compiler keeps `cases` as it says.
#[doc(hidden)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __sanitizer_cov_trace_switch(value: u64, cases: *const u64) {
    // SAFETY: the caller's promise: the first two words are always there.
    let (count, bits) = unsafe { (*cases, *cases.add(1)) };
    if bits < 32 {
        return;
    }
    for place in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: the caller's promise: `count` words follow them.
        note(unsafe { *cases.add(2 + place) }, value);
    }
}

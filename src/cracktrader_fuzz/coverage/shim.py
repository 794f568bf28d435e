"""The instrumented library from Python: its counters, its paths, its last comparisons (`rust/sancov_shim`).

A library without the shim, or that was not compiled for coverage, is refused: a search that believes it sees what it
does not is worse than one that says so. One library a process; costs some 2 us for a path.
"""

import ctypes
from pathlib import Path

from cracktrader_fuzz.errors import CoverageLostError

# The sizes of `rust/sancov_shim`, whose memory is read here.
COMPARES_MAX = 1 << 14  # as in `compares.rs`
SIDE_BYTES = 32  # as in `slices.rs`: one byte of length, and 31 of the slice
GAINED_BITS = 16  # as in `counters.rs`
GAINED = (1 << GAINED_BITS) - 1

Pair = tuple[int, int]
TextPair = tuple[bytes, bytes]


class Shim:
    """The shim in the library at `path`, which this process has loaded. Raises CoverageLostError."""

    def __init__(self, path: Path) -> None:
        self._library = ctypes.CDLL(str(path))
        regions = (ctypes.c_size_t * 4)()
        try:
            self._library.sancov_regions(regions)
        except AttributeError as error:
            raise CoverageLostError(f"{path} has no shim: build it with `make coverage`") from error
        self.counters, self.counters_end, self.table, self.table_end = regions
        self.edges = self.counters_end - self.counters
        if not self.edges or self.table_end - self.table != 16 * self.edges:
            raise CoverageLostError(
                f"{path} counts no edges: it was built without rust/sancov-rustc.sh, or the compiler's flags have "
                "changed; build it with `make coverage`"
            )
        self._library.sancov_path.restype = ctypes.c_uint64
        self._library.sancov_compares.restype = ctypes.c_size_t
        self._library.sancov_slices.restype = ctypes.c_size_t
        self._library.sancov_seen.restype = ctypes.c_size_t
        self.path = self._library.sancov_path
        """The set of edges taken since the last call, as one number; how many of them are new, in its `GAINED_BITS`."""
        self.flatten = self._library.sancov_flatten
        """At the end of a case: let the fuzzer see which edges were taken, and not how often."""

    def attach(self) -> None:
        """Give the counters to the libFuzzer in Atheris, which has them counted from its next run on."""
        from atheris import core_with_libfuzzer

        fuzzer = ctypes.CDLL(core_with_libfuzzer.__file__)
        for name, start, end in (
            ("__sanitizer_cov_8bit_counters_init", self.counters, self.counters_end),
            ("__sanitizer_cov_pcs_init", self.table, self.table_end),
        ):
            register = getattr(fuzzer, name)
            register.argtypes, register.restype = [ctypes.c_void_p, ctypes.c_void_p], None
            register(start, end)

    def seen_count(self) -> int:
        """How many edges were ever on a path."""
        return int(self._library.sancov_seen())

    def forget_compares(self) -> None:
        """Forget what was compared so far."""
        self._library.sancov_compares(ctypes.byref(ctypes.c_void_p()))
        self._library.sancov_slices(ctypes.byref(ctypes.c_void_p()))

    def compares(self) -> set[Pair]:
        """The distinct integers that were compared since the last call, the constant first where there is one."""
        place = ctypes.c_void_p()
        made = min(self._library.sancov_compares(ctypes.byref(place)), COMPARES_MAX)
        if not made:
            return set()
        operands = (ctypes.c_uint64 * (2 * made)).from_address(place.value or 0)
        return set(zip(operands[::2], operands[1::2], strict=True))

    def texts(self) -> set[TextPair]:
        """The distinct slices that were compared since the last call and were not equal."""
        place = ctypes.c_void_p()
        made = self._library.sancov_slices(ctypes.byref(place))
        kept = ctypes.string_at(place, 2 * SIDE_BYTES * made) if made else b""
        sides = [kept[start + 1 : start + 1 + kept[start]] for start in range(0, len(kept), SIDE_BYTES)]
        return set(zip(sides[::2], sides[1::2], strict=True))

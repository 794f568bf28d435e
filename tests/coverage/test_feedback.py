"""What a case did, as counters."""

from __future__ import annotations

from cracktrader_fuzz.coverage.feedback import PATHS, Feedback, Slots


def test_key_keeps_its_counter() -> None:
    """The same key has the same counter, in another object as well; different keys mostly have different ones."""
    one, other = Slots(64), Slots(64)
    keys = [("place_order", "-", "ok", str(number)) for number in range(16)]
    places = [one.of(key) - one.of(keys[0]) for key in keys]
    assert places == [other.of(key) - other.of(keys[0]) for key in keys]
    assert len(set(places)) > 12


def test_pairs_of_states_count() -> None:
    """The same states in another order are something new, for what follows what is a feature."""
    feedback = Feedback()
    a, b, c = (("kind", "-", code, "") for code in ("ok", "overfill", "unknown_order"))
    once = feedback.of_states([a, b, c])
    assert once == feedback.of_states([a, b, c])
    assert feedback.of_states([c, b, a]) != once
    assert feedback.of_states([a, b, c, a]) > once


def test_pair_of_paths_counts() -> None:
    """A path of one subject beside a new path of the other is new."""
    feedback = Feedback()
    assert feedback.of_paths([1, 1], [7, 7]) < feedback.of_paths([1, 1], [7, 8])
    assert len(feedback.of_paths(list(range(100)), [0] * 100)) > min(90, PATHS)

"""Trades are handed to the fills that they made."""

from cracktrader_strategies.traffic.bitstamp_trades import MATCH_WINDOW_MS, Trade, TradeMatcher


def trade(trade_id: str, received_ms: int, quantity: int = 5) -> Trade:
    """A trade of `quantity` units."""
    return Trade(1, received_ms, trade_id, 100, quantity, rounded=False)


def taken(matcher: TradeMatcher, side: str, received_ms: int, quantity: int = 5) -> str | None:
    """The id of the trade that a fill gets."""
    found = matcher.take(quantity, side, received_ms)
    return None if found is None else found.trade_id


def test_the_nearest_trade_is_taken_once_a_side() -> None:
    """Both sides get the same trade, and the next fill of a side the next one."""
    matcher = TradeMatcher([trade("a", 1000), trade("b", 2000)])
    assert taken(matcher, "buy", 1900) == "b"
    assert taken(matcher, "sell", 1900) == "b"
    assert taken(matcher, "buy", 1900) == "a"
    assert taken(matcher, "buy", 1900) is None


def test_of_two_as_near_the_earlier_is_taken() -> None:
    """A tie has one answer."""
    assert taken(TradeMatcher([trade("late", 3000), trade("early", 1000)]), "buy", 2000) == "early"


def test_size_and_window_are_exact() -> None:
    """Another size never matches, nor does a trade beyond the window."""
    matcher = TradeMatcher([trade("a", 10_000)])
    assert taken(matcher, "buy", 10_000, quantity=6) is None
    assert taken(matcher, "buy", 10_000 + MATCH_WINDOW_MS + 1) is None
    assert taken(matcher, "buy", 10_000 + MATCH_WINDOW_MS) == "a"


def test_unmatched_are_those_that_neither_side_took() -> None:
    """One side is enough to count as matched."""
    matcher = TradeMatcher([trade("a", 1000), trade("b", 90_000)])
    matcher.take(5, "buy", 1000)
    assert [left.trade_id for left in matcher.unmatched()] == ["b"]

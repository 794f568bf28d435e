"""Candles from an exchange itself, through the ccxt library.

Promises: it is asked only when somebody calls, and ccxt is imported then. Does not check the candles: the feed port
does. Costs one request to the exchange.
"""

from __future__ import annotations

import importlib
from typing import Any

from cracktrader.engine.error import quoted


def fetch_candles(
    exchange: str, symbol: str, timeframe: str, since: int | None, limit: int, options: dict[str, Any]
) -> list[list[Any]]:
    """Up to `limit` candles from `since` (ms since 1970 UTC) on; `options` are those of the exchange's class in ccxt.

    RuntimeError without ccxt, ValueError for an exchange that it does not know, and what ccxt raises.
    """
    try:
        ccxt = importlib.import_module("ccxt")
    except ImportError as error:
        raise RuntimeError(
            f"candles of {exchange} come through ccxt, which is not installed ({error}); "
            "pip install 'cracktrader-engine[ccxt]'"
        ) from error
    if exchange not in ccxt.exchanges:
        raise ValueError(f"ccxt knows no exchange {quoted(exchange)}; its names are in ccxt.exchanges")
    client = getattr(ccxt, exchange)(options)
    return list(client.fetch_ohlcv(symbol, timeframe, since, limit))

"""A session: feeds and a broker of one exchange, and a strategy over them. Offline."""

from __future__ import annotations

import argparse

import cracktrader as ct

SYMBOLS = ("BTC/USDT", "ETH/USDT")


def candles(base: int) -> list[tuple[int, int, int, int, int, int]]:
    """Twelve minutes that rise from `base`."""
    return [
        (minute * 60_000, base + minute, base + minute + 2, base + minute - 1, base + minute + 1, 9)
        for minute in range(12)
    ]


class BuyEach(ct.Strategy):
    """Buys one of each instrument at its first bar, and holds."""

    def start(self) -> None:
        """Nothing is bought yet."""
        self.bought: set[str] = set()

    def next(self) -> None:
        """Called for each bar; `self.feed` is the one that it is of."""
        if self.feed.symbol not in self.bought:
            self.bought.add(self.feed.symbol)
            self.buy(1)

    def notify_order(self, order: ct.StrategyOrder) -> None:
        """Called for each transition of an order."""
        print(f"  {order.order_id} {order.status}, cash {self.broker.getcash()}")


def main(engine_backend: ct.Backend = "python") -> None:
    """Open the session, run, and print what the broker has."""
    with ct.exchange("demo", mode="backtest") as session:
        for base, symbol in zip((100, 50), SYMBOLS, strict=True):
            session.store.load(symbol, "1m", candles(base))
        feeds = session.feeds(SYMBOLS)
        broker = session.broker(cash=1000)
        engine = ct.CracktraderEngine(engine_backend=engine_backend)
        for feed in feeds:
            engine.add_feed(feed)
        engine.add_strategy(BuyEach)
        engine.set_broker(broker)
        engine.run()
        print("feeds:", ", ".join(feed.name for feed in feeds))
        print(f"broker cash: {broker.getcash()}")
        print(f"broker value: {broker.getvalue()}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine-backend", choices=("python", "rust"), default="python")
    main(parser.parse_args().engine_backend)

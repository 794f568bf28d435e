"""Feeds of one session share its store, and a summary of what the session holds. Offline."""

from __future__ import annotations

import argparse

import cracktrader as ct

CANDLES = [(minute * 60_000, 20, 21, 19, 20, 3) for minute in range(4)]


class Half(ct.Strategy):
    """Buys half a unit of each instrument at the start."""

    def start(self) -> None:
        """One order a feed."""
        for feed in self.feeds:
            self.buy("0.5", feed=feed)


def main(engine_backend: ct.Backend = "python") -> None:
    """Two feeds, one store, one short run, one summary."""
    session = ct.exchange("demo")
    feed1 = session.feed("BTC/USDT", candles=CANDLES)
    feed2 = session.feed("ETH/USDT", candles=CANDLES)
    engine = ct.CracktraderEngine(engine_backend=engine_backend, mode="paper")
    engine.add_feed(feed1)
    engine.add_feed(feed2)
    engine.add_strategy(Half)
    engine.set_broker(session.broker(cash=500))
    engine.run()
    print(f"feed1.store is feed2.store -> {feed1.store is feed2.store}")
    print("portfolio summary")
    for name, value in session.summary().items():
        print(f"  {name}: {value}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine-backend", choices=("python", "rust"), default="python")
    main(parser.parse_args().engine_backend)

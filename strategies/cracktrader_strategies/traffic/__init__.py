"""Recorded order flow of real venues, as steps of the engine.

Promises: `recordings` reads all that this package has readers for, each a `Recording` with the venue's own
statements to hold a core against (`check_statements`). Does not: fetch data, or run a core. Costs: about five
seconds for all of it.
"""

from collections.abc import Callable
from pathlib import Path

from cracktrader_strategies.traffic import binance, bitget, bitstamp
from cracktrader_strategies.traffic.dirt import DIRT, DirtKind
from cracktrader_strategies.traffic.recording import (
    Mismatch,
    PositionStatement,
    RealisedStatement,
    Recording,
    VenueStatement,
    check_statements,
)

__all__ = [
    "DIRT",
    "READERS",
    "DirtKind",
    "Mismatch",
    "PositionStatement",
    "RealisedStatement",
    "Recording",
    "VenueStatement",
    "check_statements",
    "read_file",
    "recordings",
]

Reader = Callable[[Path], list[Recording]]

READERS: dict[str, Reader] = {
    "bitstamp-l3-2015/orders.csv.xz": lambda path: [bitstamp.read_csv(path)],
    "bitstamp-l3-2015/2015-05-01.log.xz": lambda path: [bitstamp.read_log(path)],
    "binance-bitget-userstream/binance.jsonl": binance.read,
    "binance-bitget-userstream/bitget.jsonl": bitget.read,
}
"""The reader of each file below the data root."""


def read_file(data_root: Path, name: str) -> list[Recording]:
    """The recordings in one of the files of `READERS`; FileNotFoundError names it when it is missing."""
    path = data_root / name
    if not path.is_file():
        raise FileNotFoundError(
            f"no recorded traffic at {path}: put the recordings there ({', '.join(READERS)} below one folder), "
            "or name the folder that holds them"
        )
    return READERS[name](path)


def recordings(data_root: Path) -> list[Recording]:
    """All recordings below `data_root`, file by file as listed in `READERS`."""
    return [recording for name in READERS for recording in read_file(data_root, name)]

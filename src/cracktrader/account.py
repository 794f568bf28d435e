"""The account: what a user sees of a run, as floats, before, during and after it.

Promises: it shows the state after the transition that is told at the moment, and before a run the starting values.
Does not move anything: it is a view. Costs a look-up; `value` one a position.
"""

from __future__ import annotations

from cracktrader.engine.identifiers import instrument_key
from cracktrader.engine.view import RunView


class Account:
    """Cash, positions and value; `initial_cash` is in whole units."""

    def __init__(self, initial_cash: float) -> None:
        self._initial_cash = initial_cash
        self._view: RunView | None = None
        self._marks: dict[str, float] = {}

    @property
    def cash(self) -> float:
        """Cash in whole units."""
        return self._initial_cash if self._view is None else self._view.cash

    @property
    def positions(self) -> dict[str, float]:
        """Quantity in whole units by `"venue:instrument"`."""
        return {} if self._view is None else dict(self._view.positions)

    @property
    def value(self) -> float:
        """Cash, and each position at the close of its last bar."""
        return self.cash + sum(held * self._marks.get(key, 0.0) for key, held in self.positions.items())

    def position(self, venue: str, instrument: str) -> float:
        """The signed quantity held, 0.0 when there never was a fill."""
        return 0.0 if self._view is None else self._view.position(venue, instrument)

    def begin(self) -> None:
        """Forget the last run."""
        self._view = None
        self._marks = {}

    def show(self, view: RunView) -> None:
        """Show this run from now on."""
        self._view = view

    def mark(self, venue: str, instrument: str, price: float) -> None:
        """The last price known of an instrument."""
        self._marks[instrument_key(venue, instrument)] = price

"""The simulated broker of backtest and paper mode: orders against bars, told as events.

`simulated` keeps the open orders, `rules` is what a bar does to them, `matching` the price of a match, `fees` its cost.
docs/runtime.md, section 9, is the contract.
"""

from __future__ import annotations

from cracktrader.broker_sim.fees import FeeModel
from cracktrader.broker_sim.simulated import SimulatedBroker

__all__ = ["FeeModel", "SimulatedBroker"]

"""nautilus/position_filled/LONG/outcome.code/ok~died:SIGABRT/cython~rust

Needs nautilus_trader, and nothing else: `python FILE` runs each side in a process of its own and shows where they part.
"""

import subprocess
import sys
from decimal import Decimal

orders, positions = {}, {}
SIDE = sys.argv[1] if len(sys.argv) > 1 else "both"
if SIDE == "cython":
    from nautilus_trader.core.uuid import *
    from nautilus_trader.model.enums import *
    from nautilus_trader.model.events import *
    from nautilus_trader.model.identifiers import *
    from nautilus_trader.model.instruments import *
    from nautilus_trader.model.objects import *
    from nautilus_trader.model.orders import *
    from nautilus_trader.model.position import *
elif SIDE == "rust":
    from nautilus_trader.core import nautilus_pyo3

    globals().update(vars(nautilus_pyo3))


def step_0_position_filled():
    event = OrderFilled(
        trader_id=TraderId('T-1'),
        strategy_id=StrategyId('S-1'),
        instrument_id=InstrumentId.from_str('i1.SIM'),
        client_order_id=ClientOrderId('o1'),
        account_id=AccountId('SIM-1'),
        venue_order_id=VenueOrderId('v1'),
        trade_id=TradeId('t1'),
        position_id=PositionId('p1'),
        order_side=OrderSide.BUY,
        order_type=OrderType.MARKET,
        last_qty=Quantity.from_str('1'),
        last_px=Price.from_str('1'),
        currency=Currency.from_str('USD'),
        commission=Money.from_str('0 USD'),
        liquidity_side=LiquiditySide.TAKER,
        event_id=UUID4.from_str('2d89666b-1a1e-4a75-b193-4eb3b454c757'),
        ts_event=0,
        ts_init=0,
        reconciliation=False,
    )
    positions['p1'] = Position(CurrencyPair(
        instrument_id=InstrumentId.from_str('i1.SIM'),
        raw_symbol=Symbol('i1'),
        base_currency=Currency.from_str('BTC'),
        quote_currency=Currency.from_str('USD'),
        price_precision=2,
        size_precision=2,
        price_increment=Price.from_str('0.01'),
        size_increment=Quantity.from_str('0.01'),
        ts_event=0,
        ts_init=0,
    ), event)


def step_1_position_filled():
    event = OrderFilled(
        trader_id=TraderId('T-1'),
        strategy_id=StrategyId('S-1'),
        instrument_id=InstrumentId.from_str('i1.SIM'),
        client_order_id=ClientOrderId('o1'),
        account_id=AccountId('SIM-1'),
        venue_order_id=VenueOrderId('v1'),
        trade_id=TradeId('t1'),
        position_id=PositionId('p1'),
        order_side=OrderSide.BUY,
        order_type=OrderType.MARKET,
        last_qty=Quantity.from_str('1'),
        last_px=Price.from_str('2'),
        currency=Currency.from_str('USD'),
        commission=Money.from_str('0 USD'),
        liquidity_side=LiquiditySide.TAKER,
        event_id=UUID4.from_str('2d89666b-1a1e-4a75-b193-4eb3b454c757'),
        ts_event=0,
        ts_init=0,
        reconciliation=False,
    )
    positions['p1'].apply(event)



def told(step):
    try:
        step()
    except NameError:
        raise
    except Exception as error:
        name = type(error).__name__
        return f"{'refused' if name in ('InvalidStateTrigger', 'KeyError', 'RuntimeError', 'ValueError') else name} | {name}: {error}"
    return "ok"


if SIDE != "both":
    for step in (step_0_position_filled, step_1_position_filled,):
        print(f"{step.__name__}: {told(step)}", flush=True)
    sys.stdout.flush()
else:
    shown = []
    for side in ("cython", "rust"):
        ran = subprocess.run([sys.executable, __file__, side], capture_output=True, text=True)
        print(f"{side}, exit status {ran.returncode}\n{ran.stdout}")
        shown.append((ran.returncode, [line.split(" | ")[0] for line in ran.stdout.splitlines()]))
    if any(status > 0 for status, _ in shown):
        sys.exit("this script does not fit this version of nautilus_trader")
    sys.exit(0 if shown[0] != shown[1] or shown[0][0] < 0 else "both sides do the same")

"""nautilus/order_cancel_rejected/PENDING_CANCEL/outcome.code/refused~ok/cython~rust

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


def step_0_order_initialized():
    orders['o1'] = LimitOrder(
        trader_id=TraderId('T-1'),
        strategy_id=StrategyId('S-1'),
        instrument_id=InstrumentId.from_str('i1.SIM'),
        client_order_id=ClientOrderId('o1'),
        order_side=OrderSide.BUY,
        quantity=Quantity.from_str('1'),
        price=Price.from_str('1'),
        time_in_force=TimeInForce.GTC,
        post_only=False,
        reduce_only=False,
        quote_quantity=False,
        init_id=UUID4.from_str('2d89666b-1a1e-4a75-b193-4eb3b454c757'),
        ts_init=0,
    )


def step_1_order_submitted():
    event = OrderSubmitted(
        trader_id=TraderId('T-1'),
        strategy_id=StrategyId('S-1'),
        instrument_id=InstrumentId.from_str('i1.SIM'),
        client_order_id=ClientOrderId('o1'),
        account_id=AccountId('SIM-1'),
        event_id=UUID4.from_str('2d89666b-1a1e-4a75-b193-4eb3b454c757'),
        ts_event=0,
        ts_init=0,
    )
    orders['o1'].apply(event)


def step_2_order_pending_cancel():
    event = OrderPendingCancel(
        trader_id=TraderId('T-1'),
        strategy_id=StrategyId('S-1'),
        instrument_id=InstrumentId.from_str('i1.SIM'),
        client_order_id=ClientOrderId('o1'),
        account_id=AccountId('SIM-1'),
        venue_order_id=VenueOrderId('v1'),
        event_id=UUID4.from_str('2d89666b-1a1e-4a75-b193-4eb3b454c757'),
        ts_event=0,
        ts_init=0,
        reconciliation=False,
    )
    orders['o1'].apply(event)


def step_3_order_cancel_rejected():
    event = OrderCancelRejected(
        trader_id=TraderId('T-1'),
        strategy_id=StrategyId('S-1'),
        instrument_id=InstrumentId.from_str('i1.SIM'),
        client_order_id=ClientOrderId('o1'),
        account_id=AccountId('SIM-1'),
        venue_order_id=VenueOrderId('v1'),
        reason='as told',
        event_id=UUID4.from_str('2d89666b-1a1e-4a75-b193-4eb3b454c757'),
        ts_event=0,
        ts_init=0,
        reconciliation=False,
    )
    orders['o1'].apply(event)



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
    for step in (step_0_order_initialized, step_1_order_submitted, step_2_order_pending_cancel, step_3_order_cancel_rejected,):
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

"""Words for the contract tests: wire steps from short text, a session, orders in a given state.

Promises: one step is one line of text, `WORD [buy|sell] [QUANTITY[@PRICE]] [name=value ...]`, and becomes a
complete wire dict whose unnamed fields have the plain defaults of `PAYLOADS`. A value is text, but for
`null`, `true`, `false` and the integer fields. Steps are joined by `;`, and `@label` stands for the steps
that lead to that order state.
Does not: hold any expectation of what a core answers, other than that set-up steps are applied.
"""

from __future__ import annotations

from typing import Any

Wire = dict[str, Any]

VENUE, INSTRUMENT = "V", "I"

REASON_ONLY = (
    "order_submitted", "order_accepted", "order_rejected", "order_triggered", "order_cancel_pending",
    "order_cancelled", "order_cancel_rejected", "order_replace_pending", "order_replace_rejected",
    "order_expired",
)  # fmt: skip

#: Payload of each type when nothing is said: order o1 buys 10 at a limit of 100.
PAYLOADS: dict[str, Wire] = {
    "place_order": {
        "order_id": "o1", "venue": VENUE, "instrument": INSTRUMENT, "side": "buy", "order_type": "limit",
        "quantity": "10", "limit_price": "100",
    },
    "cancel_order": {"order_id": "o1"},
    "replace_order": {"order_id": "o1"},
    "set_risk_flag": {"flag": "halt", "on": True},
    "no_op": {},
    **{name: {"order_id": "o1"} for name in REASON_ONLY},
    "order_fill": {
        "order_id": "o1", "last_quantity": "1", "last_price": "100", "fee": "0", "fee_asset": "quote",
    },
    "order_replaced": {"order_id": "o1"},
    "order_restated": {"order_id": "o1", "quantity": "10"},
    "trade": {"price": "100", "quantity": "1"},
    "bar": {"open": "1", "high": "2", "low": "0.5", "close": "1.5", "volume": "7"},
    "quote": {"bid": "99", "ask": "101"},
    "timer": {"name": "close"},
    "cash_adjustment": {"amount": "1", "reason": "deposit"},
    "risk_flag": {"flag": "halt", "on": True},
}  # fmt: skip

INTENT_TYPES = ("place_order", "cancel_order", "replace_order", "set_risk_flag", "no_op")
SOURCE_OF = {
    "trade": "market_data", "bar": "market_data", "quote": "market_data", "timer": "timer",
    "cash_adjustment": "control", "risk_flag": "control",
}  # fmt: skip
ENVELOPE = ("seq_id", "event_time", "ingest_time", "source", "venue", "instrument", "idempotency_key")
INTEGERS = ("seq_id", "event_time", "ingest_time")
SHORT = {
    "id": "order_id", "type": "order_type", "limit": "limit_price", "stop": "stop_price",
    "key": "idempotency_key", "seq": "seq_id", "time": "event_time",
}  # fmt: skip
WORDS = {"cash": "cash_adjustment"}
CONSTANTS = {"null": None, "true": True, "false": False}

#: Each state an order can be in: the state it comes from, what is sent then, and the status it reports.
#: `+c`: a cancel is pending, `+r`: a replace is. 10 is the quantity, 4 of them are filled in `part`.
ORDER_STATES = """
created        | -              | place type=stop_limit stop=101               | CREATED
created+c      | created        | cancel                                       | CANCEL_PENDING
created+r      | created        | replace quantity=12                          | REPLACE_PENDING
created+cr     | created+r      | cancel                                       | CANCEL_PENDING
submitted      | created        | submitted                                    | SUBMITTED
submitted+c    | submitted      | cancel                                       | CANCEL_PENDING
submitted+r    | submitted      | replace quantity=12                          | REPLACE_PENDING
submitted+cr   | submitted+r    | cancel                                       | CANCEL_PENDING
accepted       | submitted      | accepted                                     | ACCEPTED
accepted+c     | accepted       | cancel                                       | CANCEL_PENDING
accepted+r     | accepted       | replace quantity=12                          | REPLACE_PENDING
accepted+cr    | accepted+r     | cancel                                       | CANCEL_PENDING
triggered      | accepted       | triggered                                    | ACCEPTED
limit          | -              | place; submitted; accepted                   | ACCEPTED
limit+r        | limit          | replace quantity=12                          | REPLACE_PENDING
market         | -              | place type=market limit=null; submitted; accepted | ACCEPTED
market+r       | market         | replace quantity=12                          | REPLACE_PENDING
part           | accepted       | fill 4                                       | PARTIALLY_FILLED
part+c         | part           | cancel                                       | CANCEL_PENDING
part+r         | part           | replace quantity=12                          | REPLACE_PENDING
part+cr        | part+r         | cancel                                       | CANCEL_PENDING
filled         | part           | fill 6                                       | FILLED
filled+c       | part+c         | fill 6                                       | CANCEL_PENDING
filled+r       | part+r         | fill 6                                       | REPLACE_PENDING
filled+cr      | part+cr        | fill 6                                       | CANCEL_PENDING
cancelled      | accepted       | cancelled                                    | CANCELLED
cancelled-part | part           | cancelled                                    | CANCELLED
cancelled-full | cancelled-part | fill 6                                       | CANCELLED
rejected       | submitted      | rejected                                     | REJECTED
expired        | accepted       | expired                                      | EXPIRED
expired-part   | part           | expired                                      | EXPIRED
expired-full   | expired-part   | fill 6                                       | EXPIRED
"""


def table(text: str) -> list[list[str]]:
    """The rows of an aligned text table: cells between `|`, stripped; no blank lines and `#` comments."""
    lines = (line.strip() for line in text.splitlines())
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]


STATES = {label: (base, then, status) for label, base, then, status in table(ORDER_STATES)}


def steps_to(label: str) -> list[str]:
    """The step texts that lead from an empty core to order o1 in the state `label` of `ORDER_STATES`."""
    base, then, _ = STATES[label]
    return ([] if base == "-" else steps_to(base)) + split_steps(then)


def split_steps(text: str) -> list[str]:
    """The single steps of `a; b; @label`, labels replaced by their own steps; none for `-`."""
    parts = [part.strip() for part in text.split(";") if part.strip() not in ("", "-")]
    return [step for part in parts for step in (steps_to(part[1:]) if part.startswith("@") else [part])]


def type_of(word: str) -> str:
    """The wire type that a step word stands for: `place` and `cancel` are intents, `fill` is `order_fill`."""
    names = (f"{word}_order", WORDS.get(word, word), f"order_{word}")
    return next(name for name in names if name in PAYLOADS)


def fields_of(step_type: str, words: list[str]) -> Wire:
    """The fields that the words after a step's first one name: a side, `QUANTITY[@PRICE]`, `name=value`."""
    prefix, price = ("last_", "last_price") if step_type == "order_fill" else ("", "limit_price")
    fields: Wire = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            name = SHORT.get(name, name)
            fields[name] = int(value) if name in INTEGERS else CONSTANTS.get(value, value)
        elif word in ("buy", "sell"):
            fields["side"] = word
        else:
            fields[f"{prefix}quantity"], at, paid = word.partition("@")
            fields |= {price: paid} if at else {}
    return fields


def wire(text: str, seq_id: int = 1) -> Wire:
    """The wire dict of one step; an event carries `seq_id` unless the text names its own."""
    word, *rest = text.split()
    step_type = type_of(word)
    fields = fields_of(step_type, rest)
    if step_type in INTENT_TYPES:
        strategy = fields.pop("strategy_id", "s1")
        return {"intent_type": step_type, "payload": PAYLOADS[step_type] | fields, "strategy_id": strategy}
    event: Wire = {
        "seq_id": seq_id, "event_time": 1000, "ingest_time": 2000,
        "source": SOURCE_OF.get(step_type, "broker_report"), "venue": VENUE, "instrument": INSTRUMENT,
        "event_type": step_type, "payload": {}, "idempotency_key": None,
    }  # fmt: skip
    event |= {name: fields.pop(name) for name in ENVELOPE if name in fields}
    return event | {"payload": PAYLOADS[step_type] | fields}


def send_to(core: Any, step: Wire) -> Wire:
    """The core's result for one wire dict: an event when it has the key `event_type`, else an intent."""
    result: Wire = core.apply_event(step) if "event_type" in step else core.process_intent(step)
    return result


class Session:
    """A core and the sequence number of its next event; `o1`, `o2`, ... are the orders of `execute`."""

    def __init__(self, core: Any) -> None:
        self.core = core
        self.seq_id = 0
        self.executions = 0

    def wire(self, text: str) -> Wire:
        """The wire dict of one step, numbered one above the highest number used so far."""
        step = wire(text, self.seq_id + 1)
        self.seq_id = max(self.seq_id, step.get("seq_id", 0))
        return step

    def send(self, text: str) -> Wire:
        """The result of one step, whatever it is."""
        return send_to(self.core, self.wire(text))

    def run(self, text: str) -> Session:
        """Sends the steps of `a; b; @label`, each of which must be applied, and returns the session."""
        for step in split_steps(text):
            result = self.send(step)
            assert result["outcome"] == "applied", f"set-up step {step!r} was not applied: {result}"
        return self

    def open_for(self, trade: str, order: str = "") -> str:
        """Brings a market order of its own to `ACCEPTED` and gives the step that fills it.

        `trade` is `buy|sell QUANTITY@PRICE [fee=F fee_asset=A]`; `order` may name a venue and an instrument.
        """
        side, deal, *fee = trade.split()
        self.executions += 1
        name = f"id=x{self.executions} {order}"
        self.run(f"place {side} {deal.partition('@')[0]} type=market limit=null {name}")
        self.run(f"submitted {name}; accepted {name}")
        return f"fill {deal} {name} {' '.join(fee)}"

    def execute(self, trade: str, order: str = "") -> Wire:
        """The result of the fill of `open_for`, which must be applied."""
        result = self.send(self.open_for(trade, order))
        assert result["outcome"] == "applied", f"set-up trade {trade!r} was not applied: {result}"
        return result

    def play(self, text: str) -> Session:
        """As `run`, with `buy ...` and `sell ...` executed and `N x STEP, STEP` repeated N times."""
        for part in split_steps(text):
            times, cross, steps = part.rpartition(" x ")
            for step in (steps.split(",") if cross else [part]) * int(times or 1):
                if step.split()[0] in ("buy", "sell"):
                    self.execute(step)
                else:
                    self.run(step)
        return self

    def order(self, order_id: str = "o1") -> Wire:
        """The order as the snapshot shows it."""
        found: Wire = self.core.snapshot()["orders"][order_id]
        return found

    def position(self, key: str = f"{VENUE}:{INSTRUMENT}") -> Wire:
        """The position as the snapshot shows it."""
        found: Wire = self.core.snapshot()["positions"][key]
        return found


def order_in(core: Any, label: str) -> Session:
    """A session on `core` whose order o1 is in the state `label` of `ORDER_STATES`; `absent`: no order."""
    return Session(core).run("" if label == "absent" else f"@{label}")

"""The FIX order-state scenarios, kept as text and played message by message.

How to read the table: `t | message | ExecType | OrdStatus | OrderQty | CumQty | LeavesQty | LastQty |
remark`; `>` is sent by the client, `<` by the venue. A scenario that starts at t = 3 follows lines 1 and 2 of
D1: 10000 placed and acknowledged. An `alt` line is the other answer possible at its t: it is played after the
plain lines of earlier t, and ends its branch. After each report the order's status, quantity, cumulative and
leaves must be the columns' (an empty column says that nothing changes).

One reading is the engine's own (docs/engine.md 10): a request sets the order pending at once. So from `>`
Cancel or Replace until the pending acknowledgement, a report that crosses the request leaves the order
pending, whatever its OrdStatus column says; from the acknowledgement on, the column holds as written. FIX's
New is `ACCEPTED` here, and the `order_submitted` that FIX does not know is sent with each New.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from scenario import Session, table

SCENARIOS = """
## D1 A.1.a filled order
1     | > New(X)       |          |                  | 10000 |
2     | < ER(X)        | New      | New              | 10000 | 0     | 10000 | 0
2 alt | < ER(X)        | Rejected | Rejected         | 10000 | 0     | 0     | 0
3     | < ER(X)        | Trade    | Partially Filled | 10000 | 2000  | 8000  | 2000
4     | < ER(X)        | Trade    | Partially Filled | 10000 | 3000  | 7000  | 1000
5     | < ER(X)        | Trade    | Filled           | 10000 | 10000 | 0     | 7000

## D3 B.1.a cancel, zero-filled
1     | > New(X)       |          |                  | 10000 |
2     | < ER(X)        | New      | New              | 10000 | 0     | 10000 | 0
3     | > Cancel(Y,X)  |          |                  | 10000 |
4 alt | < CxlRej(Y,X)  |          | New              |
4     | < ER(Y,X)      | PendCxl  | Pending Cancel   | 10000 | 0     | 10000 | 0
5 alt | < CxlRej(Y,X)  |          | New              |       |       |       |       | back to New
5     | < ER(Y,X)      | Canceled | Canceled         | 10000 | 0     | 0     | 0

## D4 B.1.b cancel of part-filled, fills while active
3     | < ER(X)        | Trade    | Partially Filled | 10000 | 2000  | 8000  | 2000
4     | > Cancel(Y,X)  |          |                  | 10000 |
4     | < ER(X)        | Trade    | Partially Filled | 10000 | 5000  | 5000  | 3000  | crosses the request
5 alt | < CxlRej(Y,X)  |          | Partially Filled |
5     | < ER(Y,X)      | PendCxl  | Pending Cancel   | 10000 | 5000  | 5000  | 0
6     | < ER(X)        | Trade    | Pending Cancel   | 10000 | 6000  | 4000  | 1000  | STAYS Pending Cancel
7 alt | < CxlRej(Y,X)  |          | Partially Filled |       |       |       |       | not New
7     | < ER(Y,X)      | Canceled | Canceled         | 10000 | 6000  | 0     | 0

## D5 B.1.c order fills before the cancel is accepted
3     | < ER(X)        | Trade    | Partially Filled | 10000 | 2000  | 8000  | 2000
4     | > Cancel(Y,X)  |          |                  | 10000 |
4     | < ER(X)        | Trade    | Partially Filled | 10000 | 5000  | 5000  | 3000  | crosses
5     | < ER(Y,X)      | PendCxl  | Pending Cancel   | 10000 | 5000  | 5000  | 0
6     | < ER(X)        | Trade    | Pending Cancel   | 10000 | 10000 | 0     | 5000  | done, yet pending
7     | < CxlRej(Y,X)  |          | Filled           |       |       |       |       | CxlRejReason 0 too late

## B.1.e acknowledgement and cancel cross
1     | > New(X)       |          |                  | 10000 |
2     | > Cancel(Y,X)  |          |                  | 10000 |
2     | < ER(X)        | New      | New              | 10000 | 0     | 10000 | 0     | crosses
3     | < ER(Y,X)      | PendCxl  | Pending Cancel   | 10000 | 0     | 10000 | 0
4     | < ER(Y,X)      | Canceled | Canceled         | 10000 | 0     | 0     | 0

## D6 C.1.a zero-filled, replace up
3     | > Replace(Y,X) |          |                  | 11000 |
4     | < ER(Y,X)      | PendRepl | Pending Replace  | 10000 | 0     | 10000 | 0
5     | < ER(Y,X)      | Replace  | New              | 11000 | 0     | 11000 | 0

## D7 C.1.b part-filled, replace up, fill while pending
3     | < ER(X)        | Trade    | Partially Filled | 10000 | 1000  | 9000  | 1000
4     | > Replace(Y,X) |          |                  | 12000 |
5 alt | < CxlRej(Y,X)  |          | Partially Filled |
5     | < ER(Y,X)      | PendRepl | Pending Replace  | 10000 | 1000  | 9000  | 0
6     | < ER(X)        | Trade    | Pending Replace  | 10000 | 1100  | 8900  | 100   | the old quantity
7 alt | < CxlRej(Y,X)  |          | Partially Filled |
7     | < ER(Y,X)      | Replace  | Partially Filled | 12000 | 1100  | 10900 | 0
8     | < ER(Y)        | Trade    | Filled           | 12000 | 12000 | 0     | 10900

## D10 C.3.a replace down, result above cum
3     | < ER(X)        | Trade    | Partially Filled | 10000 | 1000  | 9000  | 1000
4     | > Replace(Y,X) |          |                  | 8000  |
4     | < ER(X)        | Trade    | Partially Filled | 10000 | 1500  | 8500  | 500   | crosses
5 alt | < CxlRej(Y,X)  |          | Partially Filled |
5     | < ER(Y,X)      | PendRepl | Pending Replace  | 10000 | 1500  | 8500  | 0
6     | < ER(X)        | Trade    | Pending Replace  | 10000 | 1600  | 8400  | 100
7 alt | < CxlRej(Y,X)  |          | Partially Filled |
7     | < ER(Y,X)      | Replace  | Partially Filled | 8000  | 1600  | 6400  | 0
8     | < ER(Y)        | Trade    | Filled           | 8000  | 8000  | 0     | 6400

## D11 C.3.b replace down to exactly cum
3     | > Replace(Y,X) |          |                  | 7000  |
3     | < ER(X)        | Trade    | Partially Filled | 10000 | 7000  | 3000  | 7000  | crosses
4     | < ER(Y,X)      | Replace  | Filled           | 7000  | 7000  | 0     | 0     | Filled, not Canceled

## D12 C.3.c replace down below cum
3     | > Replace(Y,X) |          |                  | 7000  |
3     | < ER(X)        | Trade    | Partially Filled | 10000 | 8000  | 2000  | 8000  | crosses
4     | < ER(Y,X)      | Replace  | Filled           | 8000  | 8000  | 0     | 0     | not 7000
"""

STATUS = {"New": "ACCEPTED", "Pending Cancel": "CANCEL_PENDING", "Pending Replace": "REPLACE_PENDING",
          "Partially Filled": "PARTIALLY_FILLED", "Filled": "FILLED", "Canceled": "CANCELLED",
          "Rejected": "REJECTED"}  # fmt: skip
PENDING = {"Cancel": "CANCEL_PENDING", "Replace": "REPLACE_PENDING"}
REPORT = {"New": "accepted", "Rejected": "rejected", "Trade": "fill {last}", "PendCxl": "cancel_pending",
          "Canceled": "cancelled", "PendRepl": "replace_pending",
          "Replace": "replaced quantity={asked}"}  # fmt: skip
ACKS, ANSWERS = ("PendCxl", "PendRepl"), ("Canceled", "Replace")


class Message(NamedTuple):
    """One line of a scenario; empty columns are empty texts."""

    time: str
    name: str
    exec_type: str = ""
    status: str = ""
    quantity: str = ""
    cumulative: str = ""
    leaves: str = ""
    last: str = ""
    remark: str = ""

    @property
    def alternative(self) -> bool:
        """Whether this is the other answer possible at its time."""
        return self.time.endswith("alt")


def scenarios() -> dict[str, list[Message]]:
    """Each scenario's lines by its title, those of D1's opening put before one that starts later."""
    blocks = [block.partition("\n") for block in SCENARIOS.split("## ")[1:]]
    found = {title: [Message(*row) for row in table(lines)] for title, _, lines in blocks}
    opening = [line for line in next(iter(found.values())) if int(line.time.split()[0]) <= 2 and not line.alternative]
    return {title: lines if lines[0].time == "1" else opening + lines for title, lines in found.items()}


def branches() -> dict[str, list[Message]]:
    """Every path through every scenario: its plain lines, and those up to each alternative."""
    paths: dict[str, list[Message]] = {}
    for title, lines in scenarios().items():
        plain = [line for line in lines if not line.alternative]
        paths[title] = plain
        for alt in (line for line in lines if line.alternative):
            paths[f"{title}, {alt.time}"] = [line for line in plain if line.time < alt.time[0]] + [alt]
    return paths


class Client:
    """A session that plays messages and knows which request is open, and whether it was acknowledged."""

    def __init__(self, core: Any) -> None:
        self.session = Session(core)
        self.request = ""
        self.acknowledged = False
        self.asked = ""

    def play(self, line: Message) -> None:
        """Sends or reports one line and compares the order with its columns."""
        if line.name.startswith(">"):
            self.ask(line)
        else:
            self.hear(line)

    def ask(self, line: Message) -> None:
        """The client's own message: an order goes out, or a request sets it pending at once."""
        kind = line.name[2:].partition("(")[0]
        if kind == "New":
            self.session.run(f"place {line.quantity}; submitted")
            assert self.session.order()["status"] == "SUBMITTED"
            return
        self.request, self.acknowledged, self.asked = kind, False, line.quantity
        self.session.run("cancel" if kind == "Cancel" else f"replace quantity={line.quantity}")
        assert self.session.order()["status"] == PENDING[kind]

    def hear(self, line: Message) -> None:
        """The venue's report: sent, and the four columns compared."""
        before = self.session.order()
        report = REPORT.get(line.exec_type, f"{self.request.lower()}_rejected")
        self.session.run(report.format(last=line.last, asked=self.asked))
        self.acknowledged |= line.exec_type in ACKS
        if line.exec_type in ANSWERS or line.name.startswith("< CxlRej"):
            self.request = ""
        crosses = self.request and not self.acknowledged
        order = self.session.order()
        assert order["status"] == (PENDING[self.request] if crosses else STATUS[line.status])
        for name in ("quantity", "cumulative", "leaves"):
            assert order[name] == (getattr(line, name) or before[name]), (name, line)


@pytest.mark.parametrize("path", branches().values(), ids=branches())
def test_scenario(core_of: Any, path: list[Message]) -> None:
    """After each report the order shows the status and quantities that FIX gives for it."""
    client = Client(core_of())
    for line in path:
        client.play(line)


def test_cancel_for_an_unknown_order(core_of: Any) -> None:
    """B.1.f: a cancel of an order that was never placed is refused, and so is the venue's answer to it."""
    session = Session(core_of())
    digest = session.core.state_digest()
    assert [session.send(step)["code"] for step in ("cancel", "cancel_rejected")] == ["unknown_order"] * 2
    assert session.core.state_digest() == digest and session.core.snapshot()["orders"] == {}


def test_every_line_is_played() -> None:
    """The branches are all the scenarios and alternatives of the table, and each line is in one of them."""
    lines = table(SCENARIOS)
    played = {line for path in branches().values() for line in path}
    assert len(branches()) == len(scenarios()) + sum(row[0].endswith("alt") for row in lines)
    assert {Message(*row) for row in lines} <= played

"""Take the figures and print the tables; `--write` puts them into docs/performance.md, `--check` compares with it."""

import difflib
import sys
from collections.abc import Callable, Sequence

import click

from benchmarks import batches, canaries, growth, throughput, year_backtest
from benchmarks.measure import by_turns
from benchmarks.page import facts, read_part, table, taken, write_parts

YEAR = "year"


@click.command()
@click.option("--write", is_flag=True, help="Put the tables into docs/performance.md.")
@click.option(
    "--check", is_flag=True, help="Compare with docs/performance.md in all that is not a time; write nothing."
)
@click.option("--only", metavar="PART", help="One part of the page (default: all but the year, some minutes).")
@click.option("--year", is_flag=True, help="The same as --only year: a year of minute bars.")
def main(write: bool, check: bool, only: str | None, year: bool) -> None:
    """Measure; exit code 1 when the year is not the same on both backends, or when --check finds a difference."""
    if write and check:
        raise click.UsageError("--write and --check exclude each other")
    if year and only not in (None, YEAR):
        raise click.UsageError(f"--year is --only year, and excludes --only {only}")
    if only is not None and only not in PARTS:
        raise click.UsageError(f"{only!r} is no part of the page: use {', '.join(PARTS)}")
    names = [YEAR] if year else [only] if only else [name for name in PARTS if name != YEAR]
    parts = {}
    for name in names:
        parts[name] = PARTS[name]()
        click.echo(f"\n{name}\n{parts[name]}")
    stale = [line for name, text in parts.items() for line in differences(name, text)] if check else []
    for line in stale:
        click.echo(line, err=True)
    is_same = year_backtest.SAME in parts.get(YEAR, year_backtest.SAME)
    if write and is_same:
        write_parts(parts)
    sys.exit(0 if is_same and not stale else 1)


def differences(name: str, text: str) -> Sequence[str]:
    """How a part of the page differs from what was found now, but for times; empty when it does not."""
    return list(
        difflib.unified_diff(facts(read_part(name)), facts(text), "the page", "this run", name, lineterm="", n=0)
    )


def canary_table() -> str:
    """Every planted bug, found and shrunk."""
    headings = ("canary", "breaks", "cases", "steps found", "steps shrunk", "seconds")
    return _dated(table(headings, canaries.rows(), numbers=(2, 3, 5)))


def _throughput() -> str:
    measured = by_turns(throughput.contestants())
    soak, alone, machine = measured["soak"], measured["both cores alone"], measured["state machine"]
    return _dated(
        f"{_ratios(measured, 'soak')}\n\nThe soak takes {soak / alone:.2f} times what the two cores alone take, and "
        f"compares {machine / soak:.1f} times as many steps per second as the state machine."
    )


def _growth() -> str:
    measured = by_turns(growth.contestants(throughput.lockstep()), rounds=3)
    short, long = measured.values()
    return _dated(
        f"{_ratios(measured, next(iter(measured)))}\n\n"
        f"A step of the long run costs {long / short:.2f} times one of the short."
    )


def _batches() -> str:
    return _dated(_ratios(by_turns(batches.contestants()), "rust, step by step"))


def _year() -> str:
    text, _ = year_backtest.report(year_backtest.BARS_OF_A_YEAR)
    return _dated(text)


def _dated(text: str) -> str:
    """With the line that says when and where; the load is that of the moment, after the work."""
    return f"{text}\n\n{taken()}"


def _ratios(measured: dict[str, float], one: str) -> str:
    rows = [
        (name, f"{each:.2f}", f"{1e6 / each:,.0f}", f"{each / measured[one]:.2f}") for name, each in measured.items()
    ]
    return table(("what", "us a step", "steps a second", "ratio"), rows, numbers=(1, 2, 3))


PARTS: dict[str, Callable[[], str]] = {
    "throughput": _throughput,
    "growth": _growth,
    "batches": _batches,
    "canaries": canary_table,
    YEAR: _year,
}


if __name__ == "__main__":
    main()

"""Take every figure, print the tables, and with `--write` put them into docs/performance.md."""

import platform
import sys

import click

from benchmarks import batches, canaries, growth, throughput, year_backtest
from benchmarks.measure import by_turns
from benchmarks.page import table, write_parts


@click.command()
@click.option("--write", is_flag=True, help="Put the tables into docs/performance.md.")
@click.option("--year", is_flag=True, help="A year of minute bars instead, which takes some minutes.")
def main(write: bool, year: bool) -> None:
    """Measure; exit code 1 when the year is not the same on both backends."""
    parts, is_same = _year() if year else (_parts(), True)
    for name, text in parts.items():
        click.echo(f"\n{name}\n{text}")
    if write and is_same:
        write_parts(parts)
    sys.exit(0 if is_same else 1)


def _parts() -> dict[str, str]:
    return {
        "machine": f"{platform.machine()}, CPython {platform.python_version()}, best of the rounds, CPU time.",
        "throughput": _throughput(),
        "growth": _growth(),
        "batches": _ratios(by_turns(batches.contestants()), "rust, step by step"),
        "canaries": table(
            ("canary", "breaks", "cases", "steps found", "steps shrunk", "seconds"), canaries.rows(), numbers=(2, 3, 5)
        ),
    }


def _year() -> tuple[dict[str, str], bool]:
    text, is_same = year_backtest.report(year_backtest.BARS_OF_A_YEAR)
    return {"year": text}, is_same


def _throughput() -> str:
    taken = by_turns(throughput.contestants())
    soak, alone, machine = taken["soak"], taken["both cores alone"], taken["state machine"]
    told = (
        f"The soak takes {soak / alone:.2f} times what the two cores alone take, and compares {machine / soak:.1f} "
        "times as many steps per second as the state machine."
    )
    return f"{_ratios(taken, 'soak')}\n\n{told}"


def _growth() -> str:
    taken = by_turns(growth.contestants(throughput.lockstep()), rounds=3)
    short, long = taken.values()
    told = f"A step of the long run costs {long / short:.2f} times one of the short."
    return f"{_ratios(taken, next(iter(taken)))}\n\n{told}"


def _ratios(taken: dict[str, float], one: str) -> str:
    rows = [(name, f"{each:.2f}", f"{1e6 / each:,.0f}", f"{each / taken[one]:.2f}") for name, each in taken.items()]
    return table(("what", "us a step", "steps a second", "ratio"), rows, numbers=(1, 2, 3))


if __name__ == "__main__":
    main()

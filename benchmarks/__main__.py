"""Take every figure, print the tables, and with `--write` put them into docs/performance.md."""

import platform
import re
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks import batches, canaries, growth, throughput
from benchmarks.measure import by_turns

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
PART = "<!-- {name} -->\n{text}\n<!-- /{name} -->"


@click.command()
@click.option("--write", is_flag=True, help="Put the tables into docs/performance.md.")
def main(write: bool) -> None:
    """Measure."""
    parts = {
        "machine": f"{platform.machine()}, CPython {platform.python_version()}, best of the rounds, CPU time.",
        "throughput": _throughput(),
        "growth": _growth(),
        "batches": _ratios(by_turns(batches.contestants()), "rust, step by step"),
        "canaries": _table(
            ("canary", "breaks", "cases", "steps found", "steps shrunk", "seconds"), canaries.rows(), numbers=(2, 3, 5)
        ),
    }
    for name, text in parts.items():
        click.echo(f"\n{name}\n{text}")
    if write:
        _write(parts)


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
    return _table(("what", "us a step", "steps a second", "ratio"), rows, numbers=(1, 2, 3))


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> str:
    rule = ["---:" if place in numbers else "---" for place in range(len(headings))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (headings, rule, *rows))


def _write(parts: dict[str, str]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, text in parts.items():
        whole = PART.format(name=name, text=text)
        page = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, whole=whole: whole, page, flags=re.DOTALL)  # type: ignore[misc]
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()

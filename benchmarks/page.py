"""The page of figures: its tables, each between two marks that bear its name."""

from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> str:
    """A Markdown table; `numbers` are the columns that stand to the right."""
    rule = ["---:" if place in numbers else "---" for place in range(len(headings))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (headings, rule, *rows))


def write_parts(parts: dict[str, str], path: Path = PAGE) -> None:
    """Put each text between the marks of its name; ValueError, and nothing written, where the page has none."""
    page = path.read_text(encoding="utf-8")
    for name, text in parts.items():
        opening, closing = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, mark, rest = page.partition(opening)
        _, end, after = rest.partition(closing)
        if not mark or not end:
            raise ValueError(f"{path.name} has no marks for {name!r}")
        page = f"{before}{opening}{text}{closing}{after}"
    draft = path.with_suffix(".new")
    draft.write_text(page, encoding="utf-8")
    draft.replace(path)

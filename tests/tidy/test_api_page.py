"""`docs/reference/api.md` is what the docstrings say today."""

from __future__ import annotations

import pytest
import write_api_page
from tree import ROOT

import cracktrader_fuzz

PAGE = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")


def test_page_is_what_the_docstrings_say() -> None:
    """The generator writes the page that is there."""
    assert write_api_page.page() == PAGE, "python scripts/write_api_page.py"


def test_every_public_name_is_on_it() -> None:
    """Each has a heading, above the part that is not public."""
    public = PAGE.partition("\n## Not public\n")[0]
    headings = [line.removeprefix("### ") for line in public.splitlines() if line.startswith("### ")]
    assert sorted(headings) == sorted(cracktrader_fuzz.__all__)


def test_every_class_and_function_says_what_it_is() -> None:
    """Below each piece of code that is no plain value stands a docstring."""
    for entry in PAGE.split("\n### ")[1:]:
        name, _, rest = entry.partition("\n")
        code, _, text = rest.partition("```python\n")[2].partition("\n```")
        is_value = code.startswith(f"{name} = ") and "## Not public" in PAGE[: PAGE.index(f"### {name}\n")]
        assert is_value or text.strip() or name == "__version__", name


def test_new_public_name_must_be_put_into_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name in no group stops the generator."""
    monkeypatch.setattr(write_api_page, "GROUPS", {"Data": ("Case",)})
    with pytest.raises(ValueError, match="mend GROUPS"):
        write_api_page.page()

"""The state file: what is read back is what was written, and what cannot be a state is refused with the way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from project import make_project, nightly, written

from cracktrader_fuzz.campaign.checkpoint import ReportCheckpoint, checkpoint_text, read_checkpoint
from cracktrader_fuzz.campaign.job import Report
from cracktrader_fuzz.errors import DocumentError


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The state of a small night; not to be changed."""
    folder = make_project(tmp_path_factory.mktemp("state") / "project")
    nightly(folder, "--cases", "20", "--minutes", "5", code=1)
    return written(folder, "state.json")


def test_round_trip(state: dict[str, Any], tmp_path: Path) -> None:
    """Reading and writing change nothing."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps(state), encoding="utf-8")
    assert json.loads(checkpoint_text(read_checkpoint(path))) == state


def test_every_field_of_a_report_is_kept() -> None:
    """A report has no field that a resumed night would forget, but for what is made a job or a problem at once."""
    assert set(ReportCheckpoint.__struct_fields__) == set(Report.__struct_fields__) - {"careful", "failed"}


# what                    | place                    | value                | words
WEIRD = """
unknown field             | colour                   | "red"                | unknown field `colour`
seconds in words          | spent_seconds            | "long"               | Expected `float`, got `str`
targets of nobody         | targets                  | {}                   | its targets are []
arm that was never there  | arms/0/out               | [[5, 900000]]        | was never at
span that ends too early  | arms/0/again             | [[5, 5]]             | was never at
arm before the beginning  | arms/0/next              | -1                   | >= 0
format of nobody          | format                   | "\\u001b[31m"         | format '\\x1b[31m' is not 1
"""


@pytest.mark.parametrize("row", WEIRD.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_weird_state(row: str, state: dict[str, Any], tmp_path: Path) -> None:
    """A file that is JSON and no state is refused: what is wrong, and the way out."""
    _, place, value, words = (cell.strip() for cell in row.split("|"))
    document = json.loads(json.dumps(state))
    *path, last = place.split("/")
    inner = document
    for part in path:
        inner = inner[int(part) if part.isdigit() else part]
    inner[last] = json.loads(value)
    file = tmp_path / "state.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(DocumentError) as told:
        read_checkpoint(file)
    assert words in str(told.value)
    assert "move it away, and the next night starts anew; findings lie in the corpus" in str(told.value)

"""How many workers a run has where none are named: what this process may use, not what the machine has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cracktrader_fuzz.cli.support import processors
from cracktrader_fuzz.cli.support.processors import usable_processors

# what                     | /proc/self/cgroup         | file below /sys/fs/cgroup                    | its text     | 8
QUOTAS = """
no cgroups                 |                           |                                              |              | 8
v2 without a limit         | 0::/                      | cpu.max                                      | max 100000   | 8
v2, two processors         | 0::/                      | cpu.max                                      | 200000 100000 | 2
v2, one and a half         | 0::/                      | cpu.max                                      | 150000 100000 | 2
v2, less than one          | 0::/                      | cpu.max                                      | 10000 100000 | 1
v2, more than there are    | 0::/                      | cpu.max                                      | 1600000 100000 | 8
v2, in the group's folder  | 0::/user/job              | user/job/cpu.max                             | 300000 100000 | 3
v2, in a folder above      | 0::/user/job              | user/cpu.max                                 | 300000 100000 | 3
v2, another group          | 0::/user/job              | other/cpu.max                                | 100000 100000 | 8
v2, not readable as such   | 0::/                      | cpu.max                                      | nonsense     | 8
v2, period of zero         | 0::/                      | cpu.max                                      | 100000 0     | 8
v1, two processors         | 4:cpu,cpuacct:/job        | cpu/job/cpu.cfs_quota_us                     | 200000       | 2
v1 without a limit         | 4:cpu,cpuacct:/job        | cpu/job/cpu.cfs_quota_us                     | -1           | 8
v1, the group of the host  | 4:cpu:/docker/1234        | cpu/cpu.cfs_quota_us                         | 400000       | 4
v1, memory alone           | 4:memory:/job             | cpu/job/cpu.cfs_quota_us                     | 200000       | 8
"""  # noqa: E501 - one row a line


@pytest.mark.parametrize("row", QUOTAS.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_quota_of_a_cgroup(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On eight processors the tightest quota of the process's own cgroups counts, rounded up; no nonsense does."""
    _, groups, file, text, wanted = (cell.strip() for cell in row.split("|"))
    monkeypatch.setattr(processors, "_bound", lambda: 8)
    if groups:
        (tmp_path / "proc" / "self").mkdir(parents=True)
        (tmp_path / "proc" / "self" / "cgroup").write_text(f"{groups}\n", encoding="utf-8")
        path = tmp_path / "sys" / "fs" / "cgroup" / file
        path.parent.mkdir(parents=True)
        path.write_text(f"{text}\n", encoding="utf-8")
        (path.parent / "cpu.cfs_period_us").write_text("100000\n", encoding="utf-8")
    assert usable_processors(tmp_path) == int(wanted)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to processors")
def test_affinity_counts(tmp_path: Path) -> None:
    """A process that is bound to one processor has one worker."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert usable_processors(tmp_path) == 1
    finally:
        os.sched_setaffinity(0, before)
    assert usable_processors(tmp_path) == len(before)

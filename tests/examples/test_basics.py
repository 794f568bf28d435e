"""The examples run as they are, offline, and end as their pages say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BASICS = Path(__file__).resolve().parents[2] / "examples" / "basics"

ENDINGS = {
    "hello_engine.py": ["steps 8, cash 899, positions {'sim:BTC/USDT': '1'}", "Engine run complete"],
    "session_quickstart.py": [
        "feeds: demo:BTC/USDT:1m, demo:ETH/USDT:1m",
        "broker cash: 848.0",
        "broker value: 1022.0",
    ],
    "shared_store.py": [
        "feed1.store is feed2.store -> True",
        "portfolio summary",
        "  exchange: demo",
        "  mode: paper",
        "  feeds: ['demo:BTC/USDT:1m', 'demo:ETH/USDT:1m']",
        "  cash: 480.0",
        "  positions: {'demo:BTC/USDT': 0.5, 'demo:ETH/USDT': 0.5}",
    ],
    "switch_backend.py": ["same end as in one piece -> True"],
}

OFFLINE = """
import runpy, socket, sys
def refuse(*arguments, **options):
    raise OSError("an example must not use the network")
socket.socket = socket.create_connection = refuse
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_every_example_is_listed() -> None:
    """A new one gets its ending here."""
    assert {path.name for path in BASICS.glob("*.py")} == ENDINGS.keys()


@pytest.mark.parametrize("arguments", [(), ("--engine-backend", "rust")], ids=["python", "rust"])
@pytest.mark.parametrize("name", ENDINGS)
def test_an_example(name: str, arguments: tuple[str, ...]) -> None:
    """It ends with these lines on either backend, without a network and without a warning."""
    command = [sys.executable, "-W", "error", "-c", OFFLINE, str(BASICS / name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-len(ENDINGS[name]) :] == ENDINGS[name]

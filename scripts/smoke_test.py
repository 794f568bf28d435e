"""Install each wheel into an empty environment, and use it there as its user would.

    python scripts/smoke_test.py dist

Of the engine: one fixture through both cores. Of the fuzzer: its version, `init`, and a short run of what that wrote.
Neither may bring the other along. Where a release is built (`GITHUB_REF_TYPE` is `tag`) the tag must be the wheels'
version. Needs an index of packages for the fuzzer's dependencies, and no compiler. Ends with 1 at the first thing that
does not work, with all that was written about it.
"""

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIXTURE = ROOT / "corpus" / "fixtures" / "fills" / "late-after-cancel-completes.json"
BOTH_CORES = """
import json, sys
from cracktrader import build_core

fixture = json.loads(open(sys.argv[1], encoding="utf-8").read())
python, rust = (build_core(**fixture["config"], backend=backend) for backend in ("python", "rust"))
for step in fixture["steps"]:
    method = "process_intent" if "intent_type" in step else "apply_event"
    answers = [getattr(core, method)(step) for core in (python, rust)]
    assert answers[0] == answers[1], answers
assert python.snapshot() == rust.snapshot() == fixture["expected"]["state"], (python.snapshot(), rust.snapshot())
print(len(fixture["steps"]), "steps, the same answers and the expected state from both cores")
"""
ABSENT = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is not None)"


class SmokeError(Exception):
    """Something does not work; the message says what, with its output."""


class Environment:
    """An empty environment with one wheel in it, in a folder of its own; commands run in an empty folder beside it."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self._home = folder / "home"
        self._home.mkdir()
        venv.create(folder / "environment", with_pip=True)
        scripts = folder / "environment" / ("Scripts" if os.name == "nt" else "bin")
        self._python = scripts / ("python.exe" if os.name == "nt" else "python")
        self.run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel))

    def run(self, *arguments: str) -> str:
        """What Python writes, started with these arguments. Raises SmokeError unless it ends with 0."""
        command = [str(self._python), *arguments]
        variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        ended = subprocess.run(
            command, cwd=self._home, env=variables, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if ended.returncode != 0:
            shown = " ".join(each if "\n" not in each else "..." for each in arguments)
            raise SmokeError(f"python {shown} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
        return ended.stdout


def use_engine(environment: Environment, _: str) -> str:
    """Both cores answer alike, and the fuzzer is not there."""
    environment.run("-c", ABSENT, "cracktrader_fuzz")
    return environment.run("-c", BOTH_CORES, str(FIXTURE))


def use_fuzzer(environment: Environment, version: str) -> str:
    """The program says its version, writes a first target and searches it, and the engine is not there."""
    environment.run("-c", ABSENT, "cracktrader")
    printed = environment.run("-m", "cracktrader_fuzz", "--version")
    if version not in printed:
        raise SmokeError(f"--version prints {printed.strip()!r}, and the wheel is of {version}")
    environment.run("-m", "cracktrader_fuzz", "init")
    # Two seconds are enough for the canary, which is caught within the first, and for some hundred cases.
    return environment.run("-m", "cracktrader_fuzz", "run", "--seconds", "2", "--workers", "1")


USES: dict[str, Callable[[Environment, str], str]] = {
    "cracktrader_engine": use_engine,
    "cracktrader_fuzz": use_fuzzer,
}


def smoke(wheel: Path) -> str:
    """Try one wheel; the last line of what it wrote. Raises SmokeError."""
    name, version, *_ = wheel.name.split("-")
    if name not in USES:
        raise SmokeError(f"{wheel}: is neither of {', '.join(USES)}")
    tag = os.environ.get("GITHUB_REF_NAME", "")
    if os.environ.get("GITHUB_REF_TYPE") == "tag" and tag != f"v{version}":
        raise SmokeError(f"{wheel.name} is of version {version}, and the tag is {tag}: raise one or move the other")
    with tempfile.TemporaryDirectory(prefix="smoke-", ignore_cleanup_errors=True) as folder:
        return USES[name](Environment(Path(folder).resolve(), wheel.resolve()), version).strip().splitlines()[-1]


def main(arguments: list[str]) -> int:
    """Try every wheel of a folder; 1 if there is none or one does not work."""
    if len(arguments) != 1 or not (wheels := sorted(Path(arguments[0]).glob("*.whl"))):
        print(
            "usage: python scripts/smoke_test.py FOLDER, one that holds wheels: `make dist` makes dist", file=sys.stderr
        )
        return 2
    for wheel in wheels:
        try:
            print(f"{wheel.name}: {smoke(wheel)}", flush=True)
        except SmokeError as error:
            print(f"{wheel.name} does not work: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

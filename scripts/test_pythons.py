"""Run the tests that depend on the version of Python on every version that is supported, beside the running one.

    python scripts/test_pythons.py [3.12 ...]

Needs both distributions in `dist` (`make dist`), which are installed into an environment for each version below
`.make`, as wheels and with the packages that `.ci/requirements.txt` pins; and the Rust test and coverage builds. Run
are the harness's unit tests, the differential tests, those of the guided search, `corpus check` and the fixtures
through pytest: those of the target `nautilus` are left to the main environment, whose packages are large.

A version is looked for as `pythonX.Y` on the path, then among those of pyenv. One that is not on this machine is named
in a line and left out, since a machine need not have them all; the workflow installs them all, so that CI leaves none
out. One that is there and does not start is a failure, since it would hide something. Ends with 1 if anything failed.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLASSIFIER = re.compile(r"Programming Language :: Python :: (\d+\.\d+)")
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTEST = ("-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider")
COMMANDS = (
    (*PYTEST, "tests/unit/harness", "tests/differential", "tests/coverage"),
    ("-m", "cracktrader_fuzz", "corpus", "check"),
    (*PYTEST, "corpus/fixtures", "corpus/regressions"),
)
# Both packages must be those of the environment, or the sources would be tested instead of the wheels.
INSTALLED = (
    "import cracktrader, cracktrader_fuzz, sys; print(cracktrader.__file__, cracktrader_fuzz.__file__, sep='\\n')"
)


def supported() -> list[str]:
    """The versions that the classifiers of the harness name."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [found[1] for each in document["project"]["classifiers"] if (found := CLASSIFIER.fullmatch(each))]


def candidates(version: str) -> Iterator[str]:
    """Where an interpreter of a version may be: the path, then what pyenv has, the newest first."""
    if on_path := shutil.which(f"python{version}"):
        yield on_path
    if pyenv := shutil.which("pyenv"):
        asked = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False)
        found = Path(asked.stdout.strip(), "versions").glob(f"{version}.*/bin/python{version}")
        yield from map(
            str, sorted(found, key=lambda path: [int(each) for each in re.findall(r"\d+", path.parts[-3])])[::-1]
        )


def starts(interpreter: str, version: str) -> bool:
    """Whether it is there and of this version: a shim of pyenv's is on the path for versions that are not chosen."""
    code = "import sys; print(*sys.version_info[:2], sep='.')"
    try:
        asked = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0 and asked.stdout.strip() == version


def environment_of(version: str, interpreter: str) -> Path:
    """The Python of the environment of a version, with the wheels of now. Raises CalledProcessError."""
    folder = ROOT / ".make" / f"python-{version}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not starts(str(python), version):
        subprocess.run([interpreter, "-m", "venv", "--clear", str(folder)], check=True)
    fuzzer, engine = (
        str(next((ROOT / "dist").glob(f"{name}-*.whl"))) for name in ("cracktrader_fuzz", "cracktrader_engine")
    )
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run(
        [*pip, "--constraint", ".ci/requirements.txt", f"{fuzzer}[pytest,coverage]", engine], cwd=ROOT, check=True
    )
    # A wheel of the same version is not looked at twice, whatever is in it.
    subprocess.run([*pip, "--no-deps", "--force-reinstall", fuzzer, engine], cwd=ROOT, check=True)
    return python


def test(version: str, interpreter: str) -> bool:
    """Whether everything passes on this version."""
    try:
        python = environment_of(version, interpreter)
    except subprocess.CalledProcessError:
        print(f"python {version}: the wheels cannot be installed", flush=True)
        return False
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    asked = subprocess.run(
        [python, "-c", INSTALLED], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    if asked.returncode != 0 or not all(Path(line).is_relative_to(python.parents[1]) for line in asked.stdout.split()):
        print(f"python {version}: the installed packages are not used:\n{asked.stdout}{asked.stderr}", flush=True)
        return False
    passed = True
    for command in COMMANDS:
        print(f"python {version}: {' '.join(command)}", flush=True)
        passed &= subprocess.run([python, *command], cwd=ROOT, env=variables, check=False).returncode == 0
    return passed


def main(versions: list[str]) -> int:
    """All versions that are named, or else all others that are supported."""
    failed = []
    for version in versions or [each for each in supported() if each != RUNNING]:
        found = list(candidates(version))
        interpreter = next((each for each in found if starts(each, version)), None)
        if interpreter is None and found:
            print(f"python {version}: is at {' and '.join(found)}, and does not start", flush=True)
            failed.append(version)
        elif interpreter is None:
            print(f"python {version}: is neither on the path nor among pyenv's: left out", flush=True)
        elif not test(version, interpreter):
            failed.append(version)
    if failed:
        print(f"failed on Python {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

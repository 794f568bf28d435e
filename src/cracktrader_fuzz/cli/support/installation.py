"""Which version of this package is installed, and whether it is the one that runs.

pip can leave two versions installed over each other, and an import path can lead to another one than pip knows; then
what a user reads about one version happens with the other.
"""

import importlib.metadata
import json
import os
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

import cracktrader_fuzz
from cracktrader_fuzz.version import __version__

DISTRIBUTION = "cracktrader-fuzz"
REINSTALL = f"`python -m pip uninstall {DISTRIBUTION}` until pip finds none, then install one version"


class Installation(msgspec.Struct, frozen=True):
    """Where the package comes from. `problem` is empty where it is the one that is installed, or on purpose another."""

    detail: str
    is_installed: bool
    problem: str = ""


def find_installation() -> Installation:
    """The installation that this process runs."""
    package = Path(cracktrader_fuzz.__file__).resolve().parent
    found = importlib.metadata.distributions(name=DISTRIBUTION)
    return judge_installation(package, __version__, found, os.environ.get("PYTHONPATH", ""))


def judge_installation(package: Path, version: str, found: Iterable[Distribution], pythonpath: str) -> Installation:
    """The installation of a package's folder, of a version, by the distributions of its name on the path.

    A folder of `PYTHONPATH` is there on purpose, so that a package from it is no problem.
    """
    installed = {_place(each): each for each in found}
    if any(package.is_relative_to(Path(each).resolve()) for each in pythonpath.split(os.pathsep) if each):
        others = f", instead of the installed {_listed(installed)}" if installed else ""
        return Installation(f"{version} from PYTHONPATH at {package}{others}", is_installed=False)
    if not installed:
        return Installation(f"{version} at {package}, not installed by pip", is_installed=False)
    if len(installed) > 1:
        problem = f"two versions are installed over each other: {_listed(installed)}: {REINSTALL}"
        return Installation(f"{version} at {package}", is_installed=True, problem=problem)
    (distribution,) = installed.values()
    expected = _package_of(distribution)
    problem = ""
    if expected is not None and not package.is_relative_to(expected):
        problem = f"pip knows {_listed(installed)}, but {package} is imported: start elsewhere, or {REINSTALL}"
    elif distribution.version != version:
        problem = f"pip knows {_listed(installed)}, but the package is {version}: {REINSTALL}"
    return Installation(f"{version} at {package}", is_installed=True, problem=problem)


def _listed(installed: dict[Path, Distribution]) -> str:
    return ", ".join(f"{each.version} at {place}" for place, each in installed.items())


def _place(distribution: Distribution) -> Path:
    """The folder of the distribution's metadata, by which two of them are told apart."""
    return Path(str(getattr(distribution, "_path", distribution.locate_file("")))).resolve()


def _package_of(distribution: Distribution) -> Path | None:
    """The folder where the package must be: below the sources of an editable install, or beside the metadata."""
    origin = distribution.read_text("direct_url.json")
    if origin is not None:
        try:
            document = json.loads(origin)
            if document.get("dir_info", {}).get("editable"):
                return Path(unquote(urlsplit(document["url"]).path)).resolve()
        except (ValueError, KeyError, AttributeError):
            return None  # not written by pip: nothing is known, so nothing is wrong
    return Path(str(distribution.locate_file(cracktrader_fuzz.__name__))).resolve()

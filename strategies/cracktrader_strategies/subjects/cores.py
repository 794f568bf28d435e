"""Adapters for the two Cracktrader cores: wire dicts in and out, refusals of malformed input as outcomes."""

import platform
from pathlib import Path
from types import ModuleType
from typing import Any

import cracktrader.engine
from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import BackendUnavailableError, MalformedInputError
from cracktrader.engine.rust_bridge import load_extension
from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.errors import SubjectMissingError
from cracktrader_fuzz.target.identity import identity_of
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_fuzz.version import __version__


class CoreSubject:
    """Any core with the methods of `CoreProtocol`; its wire dicts are the harness's JSON-like values."""

    _core: Any

    def step(self, step: Step) -> Outcome:
        """Events and intents as they come; anything else goes in as an event, for the core to refuse."""
        try:
            answer: Outcome = (self._core.process_intent if "intent_type" in step else self._core.apply_event)(step)
        except MalformedInputError as error:
            return {"outcome": "refused", "code": error.code}
        return answer

    def batch(self, steps: list[Step]) -> list[Outcome]:
        """The outcomes of steps that are given at once. Raises MalformedInputError, and takes none, where one is."""
        answers: list[Outcome] = self._core.apply_batch(steps)
        return answers

    def observe(self) -> State:
        """The core's snapshot."""
        state: State = self._core.snapshot()
        return state

    def restore(self, state: State) -> None:
        """Go on from a snapshot, of this core or of another. Raises MalformedInputError when the core refuses it."""
        self._core.restore(state)

    def digest(self) -> str:
        """The core's own digest."""
        return str(self._core.state_digest())


class PythonCore(CoreSubject):
    """The reference: `cracktrader.engine.core.DeterministicCore`."""

    def start(self, config: Config) -> None:
        self._core = DeterministicCore(**config)

    def identity(self) -> BuildIdentity:
        """The engine's Python sources."""
        sources = Path(next(iter(cracktrader.engine.__path__))).glob("*.py")
        profile = f"{platform.python_implementation()} {platform.python_version()}"
        return identity_of("python", DeterministicCore.__module__, __version__, profile, sources)


def installed_extension() -> ModuleType:
    """The extension of this process. Raises SubjectMissingError, which says how to build it."""
    try:
        return load_extension()
    except BackendUnavailableError as error:
        raise SubjectMissingError(str(error)) from error


class RustCore(CoreSubject):
    """`RustDeterministicCore` of the installed extension, or of another build of it."""

    def __init__(self, extension: ModuleType | None = None) -> None:
        self._extension = installed_extension() if extension is None else extension

    def start(self, config: Config) -> None:
        self._core = self._extension.RustDeterministicCore(**config)

    def identity(self) -> BuildIdentity:
        """The shared library that was loaded."""
        info = self._extension.build_info()
        file = Path(str(self._extension.__file__))
        profile = f"{info['profile']}, {', '.join(info['features'])}"
        return identity_of("rust", str(file), info["version"], profile, [file])

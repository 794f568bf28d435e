"""`pytest corpus/`: every stored fixture as tests, one for each subject and one in lockstep; failures read like `repro`.

Loaded by pytest itself wherever the package is installed, so it must cost nothing there: this module imports pytest
and nothing else, no hook does more than look at a file's name, and only a `.json` file of a corpus, the one of
`[tool.cracktrader-fuzz]` or of `--corpus`, brings the rest in. The subjects are made when the first test runs.

Each test carries the properties `fixture`, `hash`, `subject` and `signature`, which JUnit files show. A lockstep test
whose signature the ledger excuses is an expected failure while the entry holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cracktrader_fuzz.corpus.documents import Fixture
    from cracktrader_fuzz.lockstep.run import Lockstep
    from cracktrader_fuzz.settings import Settings
    from cracktrader_fuzz.subjects.protocol import Target

LOCKSTEP = "lockstep"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Who is compared, and which corpus is meant."""
    group = parser.getgroup("cracktrader_fuzz", "differential tests")
    group.addoption("--subjects", metavar="NAME,NAME", help="who is compared, the reference first (default: the seats)")
    group.addoption("--target", metavar="NAME", help="a target by name or module:attribute (default: the settings')")
    group.addoption("--corpus", metavar="DIR", type=Path, help="the corpus (default: the settings')")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A fixture file of the corpus."""
    if file_path.suffix != ".json" or not _corpus_of(parent.config).holds(file_path):
        return None
    found: pytest.Collector = FixtureFile.from_parent(parent, path=file_path)
    return found


def subject_names(config: pytest.Config) -> tuple[str, ...]:
    """Those of `--subjects`, or the target's seats. Raises UsageError for names that are unknown, alone or twice."""
    return _corpus_of(config).names()


def seated(config: pytest.Config) -> Lockstep:
    """The lockstep of this run, made once a process; a subject that is missing raises SubjectMissingError."""
    return _corpus_of(config).seated()


class CorpusRun:
    """What a pytest run needs of the corpus, each thing made when it is first asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._settings: Settings | None = None
        self._lockstep: Lockstep | None = None

    def holds(self, path: Path) -> bool:
        """Whether a file lies under the corpus's fixture folders."""
        from cracktrader_fuzz.corpus.replay import FIXTURE_FOLDERS

        corpus = self.settings().corpus.resolve()
        return any(path.resolve().is_relative_to(corpus / folder) for folder in FIXTURE_FOLDERS)

    def settings(self) -> Settings:
        """Those of the folder that pytest was called in."""
        from cracktrader_fuzz.settings import SettingsError, read_settings

        if self._settings is None:
            try:
                self._settings = read_settings(self._config.invocation_params.dir)
            except SettingsError as error:
                raise pytest.UsageError(str(error)) from error
            named = self._config.getoption("--corpus")
            if named is not None:
                import msgspec

                here = self._config.invocation_params.dir
                self._settings = msgspec.structs.replace(self._settings, corpus=(here / named).resolve())
        return self._settings

    def target(self) -> Target:
        """The target that is meant."""
        from cracktrader_fuzz.settings import SettingsError, load_target

        try:
            return load_target(self.settings(), self._config.getoption("--target"))
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from error

    def names(self) -> tuple[str, ...]:
        """Who sits in the seats."""
        target, named = self.target(), self._config.getoption("--subjects")
        names = target.seats if named is None else tuple(name.strip() for name in str(named).split(","))
        unknown = [name for name in names if name not in target.subjects]
        if unknown:
            known = ", ".join(sorted(target.subjects))
            raise pytest.UsageError(f"--subjects: unknown subject {unknown[0][:80]!r}: known are {known}")
        if len(set(names)) < max(2, len(names)):
            raise pytest.UsageError(f"--subjects: {','.join(names)[:80]!r} is not two names joined by a comma")
        return names

    def seated(self) -> Lockstep:
        """The subjects, side by side."""
        from cracktrader_fuzz.lockstep.run import Lockstep
        from cracktrader_fuzz.settings import seat

        if self._lockstep is None:
            self._lockstep = Lockstep(self.target(), seat(self.target(), self.names()))
        return self._lockstep

    def options(self) -> str:
        """What commands need to mean the same corpus and target."""
        import shlex

        named = {"--corpus": self._config.getoption("--corpus"), "--target": self._config.getoption("--target")}
        return "".join(f" {option} {shlex.quote(str(value))}" for option, value in named.items() if value is not None)


_RUN = pytest.StashKey[CorpusRun]()


def _corpus_of(config: pytest.Config) -> CorpusRun:
    return config.stash.setdefault(_RUN, CorpusRun(config))


class FixtureFile(pytest.File):
    """One fixture: it is not read here, so that a broken file is a failing test and not an error of collection."""

    def collect(self) -> Iterator[FixtureItem]:
        """A test for each subject, and one for all of them."""
        for name in (*subject_names(self.config), LOCKSTEP):
            yield FixtureItem.from_parent(self, name=name)


class FixtureFailure(Exception):  # noqa: N818 - it is a failure of the subject, not an error
    """A fixture did not come out right; the text says how, for a reader."""


class FixtureItem(pytest.Item):
    """One subject against the expected trace, or all subjects in lockstep."""

    def runtest(self) -> None:
        """Raise FixtureFailure, or what is wrong with the file or the subjects."""
        from cracktrader_fuzz.corpus.documents import read_fixture
        from cracktrader_fuzz.corpus.replay import require_startable

        run = _corpus_of(self.config)
        self.user_properties += [("fixture", self._shown_path()), ("subject", self.name)]
        fixture = read_fixture(self.path)
        self.user_properties += [("hash", fixture.hash), ("signature", fixture.signature or "")]
        lockstep = run.seated()
        require_startable(lockstep, fixture.case, self.path)
        if self.name == LOCKSTEP:
            self._require_agreement(run, lockstep, fixture)
        else:
            self._require_expected(run, lockstep, fixture)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The story alone; one line for a file that cannot be read or a subject that is missing."""
        from cracktrader_fuzz.case.codec import DocumentError
        from cracktrader_fuzz.subjects.protocol import SubjectMissingError

        if isinstance(excinfo.value, FixtureFailure | DocumentError | SubjectMissingError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The fixture's file and this test's name."""
        return self.path, None, f"{self._shown_path()}::{self.name}"

    def _require_agreement(self, run: CorpusRun, lockstep: Lockstep, fixture: Fixture) -> None:
        from cracktrader_fuzz.corpus.story import divergence_story
        from cracktrader_fuzz.lockstep.timeline import path_words

        found = lockstep.replay(fixture.case, exact=True).divergence
        if found is None:
            return
        signature = str(found.signature)
        self.user_properties.append(("diverges", signature))
        self._allow_known(run, signature)
        told = f"{' and '.join(found.subjects)} differ at step {found.index}, at {path_words(found.difference.path)}"
        self._fail(run, fixture, divergence_story(lockstep, fixture.case, found), told, signature)

    def _require_expected(self, run: CorpusRun, lockstep: Lockstep, fixture: Fixture) -> None:
        from cracktrader_fuzz.corpus.story import unexpected, unexpected_story
        from cracktrader_fuzz.lockstep.timeline import path_words

        found = unexpected(lockstep, self.name, fixture)
        if found is not None:
            told = f"{self.name} answers otherwise than the fixture expects, at {path_words(found.path)}"
            self._fail(run, fixture, unexpected_story(lockstep, self.name, fixture, found), told, "")

    def _fail(self, run: CorpusRun, fixture: Fixture, story: list[str], told: str, signature: str) -> None:
        from cracktrader_fuzz.corpus.footer import Footer

        footer = Footer(self._shown_path(), told, signature, self._ledger_words(run, signature), run.names(), run.options())
        raise FixtureFailure("\n".join([fixture.sentence, "", *story, "", *footer.lines()]))

    def _ledger_words(self, run: CorpusRun, signature: str) -> str:
        from cracktrader_fuzz.corpus.footer import ledger_words
        from cracktrader_fuzz.corpus.ledger import read_ledger

        return ledger_words(read_ledger(run.settings().corpus), signature, _today())

    def _allow_known(self, run: CorpusRun, signature: str) -> None:
        """An entry of the ledger makes the difference an expected failure, until its last day is over."""
        from cracktrader_fuzz.corpus.ledger import read_ledger

        entry = read_ledger(run.settings().corpus).entry_of(signature)
        if entry is not None and not entry.is_expired(_today()):
            pytest.xfail(f"known until {entry.expires}: {entry.id}: {entry.reason}")

    def _shown_path(self) -> str:
        here = self.config.invocation_params.dir
        return self.path.relative_to(here).as_posix() if self.path.is_relative_to(here) else str(self.path)


def _today() -> Any:
    import datetime

    return datetime.datetime.now(tz=datetime.UTC).date()

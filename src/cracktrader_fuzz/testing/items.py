"""The tests that `pytest corpus/` collects, and what they share.

Each test carries the properties `fixture`, `hash`, `subject` and `signature`, and `diverges` where it does, which JUnit
files show. A lockstep test whose signature the ledger excuses is an expected failure while the entry holds.
"""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from cracktrader_fuzz.corpus.documents import Fixture, read_fixture
from cracktrader_fuzz.corpus.judgements import is_judgement, judgement_words
from cracktrader_fuzz.corpus.ledger import KnownDivergences, read_ledger
from cracktrader_fuzz.corpus.rerun import FIXTURE_FOLDERS, differing, lockstep_problems, require_startable
from cracktrader_fuzz.errors import DocumentError, SettingsError, SubjectMissingError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.report.footer import Footer, ledger_words
from cracktrader_fuzz.report.narrative import divergence_story, unexpected, unexpected_story
from cracktrader_fuzz.report.timeline import path_words
from cracktrader_fuzz.seating import load_target, seat_for, unknown_subject
from cracktrader_fuzz.settings import Settings, read_settings
from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.text import printable

LOCKSTEP = "lockstep"


class FixtureFailure(Exception):  # noqa: N818 - a subject failed, the test did not go wrong
    """A fixture did not come out right; the text says how, for a reader."""


class CorpusRun:
    """What a pytest run needs of the corpus, each thing made when it is first used. Mistakes are UsageErrors."""

    def __init__(self, config: pytest.Config, target_name: str | None = None) -> None:
        self._config = config
        self._target_name = target_name
        self._here = config.invocation_params.dir
        self._corpus: Path | None = config.getoption("--corpus")
        self._findings: Path | None = config.getoption("--findings")
        self._subjects: str | None = config.getoption("--subjects")

    def collected(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """The collector of a fixture file; None for a file that is none of the corpus."""
        owner = next((run for run in (self, *self._others) if run.has(path.resolve())), None)
        if owner is None:
            return None
        found: FixtureFile = FixtureFile.from_parent(parent, path=path)
        found.run = owner
        return found

    def has(self, path: Path) -> bool:
        """Whether a file is one of its fixtures."""
        corpus = self.settings.corpus.resolve()
        return any(path.is_relative_to(corpus / folder) for folder in FIXTURE_FOLDERS)

    @cached_property
    def _others(self) -> list[CorpusRun]:
        """The same for each target that has a corpus of its own."""
        return [CorpusRun(self._config, name) for name in self.settings.corpora]

    @cached_property
    def settings(self) -> Settings:
        """Those of the folder that pytest was called in."""
        try:
            settings = read_settings(self._here)
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from error
        if self._corpus is None:
            return settings.of_target(self._target_name)
        return settings.with_corpus((self._here / self._corpus).resolve())

    @property
    def findings(self) -> Path:
        """The folder where divergences are kept."""
        return self.settings.corpus / "findings" if self._findings is None else self._here / self._findings

    @cached_property
    def target(self) -> Target:
        """The target whose corpus it is: that of the settings, or the one that was named."""
        try:
            return load_target(self.settings, self._target_name)
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from error

    def names(self) -> tuple[str, ...]:
        """The subjects that are compared: those of `--subjects`, for the default target, or the target's own seats."""
        if self._subjects is None or self._target_name is not None:
            return self.target.seats
        names = tuple(name.strip() for name in self._subjects.split(","))
        unknown = [name for name in names if name not in self.target.subjects]
        if unknown:
            raise pytest.UsageError(f"--subjects: {unknown_subject(self.target, unknown[0])}")
        if len(names) < 2 or len(set(names)) < len(names):
            raise pytest.UsageError(f"--subjects: {self._subjects[:80]!r} is not two names joined by a comma")
        return names

    @cached_property
    def lockstep(self) -> Lockstep:
        """The subjects, side by side. Raises SubjectMissingError for one that cannot be made here."""
        return self._make_lockstep(None)

    def lockstep_for(self, fixture: Fixture) -> Lockstep:
        """The same, each in a process of its own if the fixture is known to take its process along."""
        return self._make_lockstep(fixture.signature) if needs_isolation(fixture.signature) else self.lockstep

    def _make_lockstep(self, signature: str | None) -> Lockstep:
        return Lockstep(self.target, seat_for(self.settings, self._target_name, self.names(), signature))

    @cached_property
    def ledger(self) -> KnownDivergences:
        """The corpus's ledger."""
        return read_ledger(self.settings.corpus)

    @cached_property
    def today(self) -> datetime.date:
        """The day on which entries of the ledger are judged."""
        return datetime.datetime.now(tz=datetime.UTC).date()

    def shown(self, path: Path) -> str:
        """A file's path as a command takes it from the folder that pytest was called in."""
        return path.relative_to(self._here).as_posix() if path.is_relative_to(self._here) else str(path)

    def footer(self, path: Path, message: str, signature: str, lockstep: Lockstep) -> list[str]:
        """The last lines of a failing test."""
        options = "" if self._corpus is None else f" --corpus {shlex.quote(str(self._corpus))}"
        known = ledger_words(self.settings.corpus, lockstep, signature, self.today)
        return Footer(self.shown(path), message, signature, known, self.names(), options).lines()


RUN = pytest.StashKey[CorpusRun]()


class FixtureFile(pytest.File):
    """One fixture: it is not read here, so that a broken file is a failing test and not an error of collection."""

    run: CorpusRun

    def collect(self) -> Iterator[FixtureItem]:
        """A test for each subject, and one for all of them."""
        for name in (*self.run.names(), LOCKSTEP):
            yield FixtureItem.from_parent(self, name=name)


class FixtureItem(pytest.Item):
    """One subject against the expected trace, or all subjects in lockstep."""

    @property
    def _run(self) -> CorpusRun:
        assert isinstance(self.parent, FixtureFile)
        return self.parent.run

    def runtest(self) -> None:
        """Raise FixtureFailure, or what is wrong with the file or the subjects."""
        self.user_properties += [("fixture", self._run.shown(self.path)), ("subject", self.name)]
        fixture = read_fixture(self.path)
        self.user_properties += [("hash", fixture.hash), ("signature", fixture.signature or "")]
        lockstep = self._run.lockstep_for(fixture)
        require_startable(lockstep, fixture.case, self.path, fixture.signature)
        if self.name == LOCKSTEP:
            self._require_agreement(lockstep, fixture)
        else:
            self._require_expected(lockstep, fixture)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The story alone; one line for a file that cannot be read or a subject that is missing."""
        if isinstance(excinfo.value, FixtureFailure | DocumentError | SubjectMissingError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The fixture's file and this test's name."""
        return self.path, None, f"{self._run.shown(self.path)}::{self.name}"

    def _require_agreement(self, lockstep: Lockstep, fixture: Fixture) -> None:
        verdict = lockstep.run_case(fixture.case, exact=True)
        found = verdict.divergence
        if found is None:
            for problem in lockstep_problems(fixture, lockstep.names, verdict):
                raise FixtureFailure(f"{self._run.shown(self.path)}: {problem}")
            return
        signature = str(found.signature)
        self.user_properties.append(("diverges", signature))
        entry = self._run.ledger.entry_of(signature)
        if entry is not None and not entry.is_expired(self._run.today):
            pytest.xfail(f"known until {entry.expires}: {entry.id}: {entry.reason}")
        message = f"{' and '.join(found.subjects)} differ at {found.place}, at {path_words(found.difference.path)}"
        self._fail(fixture, divergence_story(lockstep, fixture.case, found), message, signature, lockstep)

    def _require_expected(self, lockstep: Lockstep, fixture: Fixture) -> None:
        found = None if self.name == differing(fixture) else unexpected(lockstep, self.name, fixture)
        if found is not None:
            message = f"{self.name} answers otherwise than the fixture expects, at {path_words(found.path)}"
            if is_judgement(fixture):
                message += f"; {judgement_words(fixture)}"
            self._fail(fixture, unexpected_story(lockstep, self.name, fixture, found), message, "", lockstep)

    def _fail(self, fixture: Fixture, story: list[str], message: str, signature: str, lockstep: Lockstep) -> None:
        footer = self._run.footer(self.path, message, signature, lockstep)
        raise FixtureFailure("\n".join(map(printable, [fixture.sentence, "", *story, "", *footer])))

"""The case that a command's argument names, on the subjects that belong to it."""

import re
from functools import partial
from pathlib import Path

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.cli.support.options import settings_for, target_and_names
from cracktrader_fuzz.corpus.documents import Finding, Fixture
from cracktrader_fuzz.corpus.rerun import parents_of, require_startable
from cracktrader_fuzz.corpus.store import find_document
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.indexed import CASE_NAME, PAIRED, Generator, pairs_of, subjects_of
from cracktrader_fuzz.seating import seat_for, stored_reference
from cracktrader_fuzz.settings import Settings


class CaseArgument:
    """A case by name: the lockstep that runs it, its origin, and the stored document, None for a generated case.

    A case that takes its process along runs on isolated subjects. `target_reference` is the name by which another
    process finds the target.
    """

    def __init__(self, name: str, target_name: str | None, subjects: str | None, corpus: Path | None) -> None:
        self.name = name
        self.settings: Settings = settings_for(corpus, target_name)
        self.document: Finding | Fixture | None = None
        self.case: Case
        generated = CASE_NAME.fullmatch(name)
        if generated:
            self.lockstep, self.case, self.origin = self._generated(generated, target_name, subjects)
            self.target_reference = target_name or self.settings.target or self.lockstep.target.name
            return
        path, self.document = find_document(self.settings.corpus, name)
        if subjects is None and isinstance(self.document, Finding):
            subjects = ",".join(self.document.subjects)
        self.target_reference = stored_reference(self.settings, target_name, self.document.target, path)
        self.lockstep = self._seated(self.target_reference, subjects, self.document.signature)
        self.case, self.origin = self.document.case, self.document.provenance.found_by
        require_startable(self.lockstep, self.case, path, self.document.signature)

    @property
    def is_finding(self) -> bool:
        """Whether it is a finding that waits to be judged."""
        return isinstance(self.document, Finding)

    def _generated(
        self, name: re.Match[str], target_name: str | None, subjects: str | None
    ) -> tuple[Lockstep, Case, str]:
        """A case of a front end, on the run's subjects or on the pair that it belongs to."""
        front_end, seed, index = name[1] or "soak", int(name[2]), int(name[3])
        target, seats = target_and_names(self.settings, target_name, subjects)
        if front_end in PAIRED and not target.relations.pairs.get(front_end):
            raise CorpusError(f"no case {name[0]!r}: {target.name} declares no pairs for {front_end}")
        turns, names = len(pairs_of(target, front_end, seats)), subjects_of(target, front_end, index, seats)
        lockstep = Lockstep(target, seat_for(self.settings, target_name, names, None))
        generator = Generator(lockstep, front_end, turns, partial(parents_of, self.settings.corpus, target.name))
        if name[4] and name[4] != generator.parents_name:
            raise CorpusError(
                f"no case {name[0]!r}: it was made from other fixtures than the corpus holds now "
                f"({generator.parents_name or 'none'}): check out the corpus as it was, or name the finding's file"
            )
        return lockstep, generator.explore(seed, index).case, generator.name(seed, index)

    def _seated(self, target_name: str | None, subjects: str | None, signature: str | None) -> Lockstep:
        target, names = target_and_names(self.settings, target_name, subjects)
        return Lockstep(target, seat_for(self.settings, target_name, names, signature))

"""The case that a command was asked for, on the subjects that belong to it."""

from pathlib import Path

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.cli.shared import settings_for, target_and_names
from cracktrader_fuzz.corpus.documents import Finding, Fixture
from cracktrader_fuzz.corpus.lookup import SOAK_CASE, find_document
from cracktrader_fuzz.corpus.replay import require_startable
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.settings import Settings, seat_for


class Asked:
    """A case by name: who runs it, where it came from, and the stored document, None for a generated case.

    A case that takes its process along runs on isolated subjects. `target_reference` is the name by which another
    process finds the target.
    """

    def __init__(self, name: str, target_name: str | None, subjects: str | None, corpus: Path | None) -> None:
        self.name = name
        self.settings: Settings = settings_for(corpus)
        self.document: Finding | Fixture | None = None
        generated = SOAK_CASE.fullmatch(name)
        if generated:
            self.lockstep = self._seated(target_name, subjects, None)
            self.case: Case = explore(self.lockstep, int(generated[1]), int(generated[2])).case
            self.origin = f"soak {generated[1]}/{generated[2]}"
            self.target_reference = target_name or self.settings.target or self.lockstep.target.name
            return
        path, self.document = find_document(self.settings.corpus, name)
        if subjects is None and isinstance(self.document, Finding):
            subjects = ",".join(self.document.subjects)
        self.target_reference = target_name or self.document.target
        self.lockstep = self._seated(self.target_reference, subjects, self.document.signature)
        self.case, self.origin = self.document.case, self.document.provenance.found_by
        require_startable(self.lockstep, self.case, path)

    @property
    def is_finding(self) -> bool:
        """Whether it is a finding that waits to be judged."""
        return isinstance(self.document, Finding)

    def _seated(self, target_name: str | None, subjects: str | None, signature: str | None) -> Lockstep:
        target, names = target_and_names(self.settings, target_name, subjects)
        return Lockstep(target, seat_for(self.settings, target_name, names, signature))

"""The case that a command was asked for, on the subjects that belong to it."""

from pathlib import Path

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.cli.shared import settings_for, target_and_names
from cracktrader_fuzz.corpus.documents import Finding
from cracktrader_fuzz.corpus.lookup import SOAK_CASE, find_document
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.settings import Settings, seat


class Asked:
    """A case by name: where it lies (if it does), who runs it, and where it came from."""

    def __init__(self, name: str, target_name: str | None, subjects: str | None, corpus: Path | None) -> None:
        self.settings: Settings = settings_for(corpus)
        generated = SOAK_CASE.fullmatch(name)
        self.path: Path | None = None
        if generated:
            self.lockstep = self._seated(target_name, subjects)
            self.case: Case = explore(self.lockstep, int(generated[1]), int(generated[2])).case
            self.origin = f"soak {generated[1]}/{generated[2]}"
            return
        self.path, document = find_document(self.settings.corpus, name)
        if subjects is None and isinstance(document, Finding):
            subjects = ",".join(document.subjects)
        self.lockstep = self._seated(target_name or document.target, subjects)
        self.case, self.origin = document.case, document.provenance.found_by

    def _seated(self, target_name: str | None, subjects: str | None) -> Lockstep:
        target, names = target_and_names(self.settings, target_name, subjects)
        return Lockstep(target, seat(target, names))

"""Subjects for stored cases: seated once, used for all of them, and isolated for a case that would take them along."""

from pathlib import Path

from cracktrader_fuzz.corpus.documents import Fixture
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.settings import Settings, load_target, seat_for
from cracktrader_fuzz.subjects.crash import needs_isolation


class Seats:
    """The locksteps of one target, made when they are first asked for."""

    def __init__(self, settings: Settings, target_name: str | None) -> None:
        self.settings = settings
        self.target_name = target_name
        self.target = load_target(settings, target_name)
        self._made: dict[tuple[tuple[str, ...], bool], Lockstep] = {}

    @property
    def corpus(self) -> Path:
        """The folder of the stored cases."""
        return self.settings.corpus

    def lockstep(self, names: tuple[str, ...], fixture: Fixture) -> Lockstep:
        """These subjects for a fixture. Raises SettingsError and SubjectMissingError."""
        key = names, needs_isolation(fixture.signature)
        if key not in self._made:
            seats = seat_for(self.settings, self.target_name, names, fixture.signature)
            self._made[key] = Lockstep(self.target, seats)
        return self._made[key]

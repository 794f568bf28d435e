"""A target by its reference, and its subjects in their seats.

Loading a target runs its module, as any import does. `LockstepPool` keeps subjects for stored cases: seated once, used
for all of them, and isolated for a case that would end the process that runs it.
"""

import importlib
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from cracktrader_fuzz.errors import SettingsError, SubjectMissingError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.settings import Settings
from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.subjects.isolated import IsolatedSubject
from cracktrader_fuzz.subjects.limits import Limits
from cracktrader_fuzz.subjects.oracle import is_opinion
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Target


def load_target(settings: Settings, name: str | None) -> Target:
    """The target of a name, or the default one. Raises SettingsError, which lists the names that are known."""
    reference = _reference(settings, name)
    module_name, _, attribute = reference.partition(":")
    for folder in reversed(settings.pythonpath):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    try:
        target = getattr(importlib.import_module(module_name), attribute)
    except Exception as error:  # a user's module, which may raise what it likes
        reason = f"{type(error).__name__}: {error}"
        raise SettingsError(f"target {reference[:80]!r} cannot be loaded: {reason}") from error
    if not isinstance(target, Target):
        raise SettingsError(f"{reference[:80]!r} is a {type(target).__name__}, not a Target")
    return target


def seat_subjects(target: Target, names: tuple[str, ...]) -> list[tuple[str, Subject]]:
    """New subjects by name, in this order, each in a process of its own if the target says so.

    Raises SettingsError for an unknown name, a name that stands twice, or fewer than two; SubjectMissingError for one
    that cannot be made here.
    """
    if len(names) < 2:
        raise SettingsError(f"{', '.join(names)!r} cannot be compared alone: name two subjects or more")
    for name in names:
        if name not in target.subjects:
            raise SettingsError(f"unknown subject {name[:80]!r}: {target.name} has {subjects_near(target, name)}")
        if names.count(name) > 1:
            raise SettingsError(f"subject {name!r} is named twice: it cannot be held against itself")
    made = [(name, _made(target, name)) for name in names]
    if not target.isolation.always:
        return made
    modules = (__name__, *target.isolation.preload)
    return [(name, IsolatedSubject(target.subjects[name], Limits(), modules)) for name in names]


def subjects_near(target: Target, name: str) -> str:
    """For a reader: the target's seats, the subjects whose names are close to this one, and how many more there are."""
    own = sorted(each for each in target.subjects if not is_opinion(target.oracles, each))
    near = [*target.seats, *(each for each in get_close_matches(name[:80], own) if each not in target.seats)]
    return ", ".join(near) + (f" and {len(own) - len(near)} more" if len(own) > len(near) else "")


def seat_isolated(
    settings: Settings, target_name: str | None, names: tuple[str, ...], limits: Limits
) -> list[tuple[str, Subject]]:
    """The same, each subject in a process of its own. Raises what `seat_subjects` does."""
    target = load_target(settings, target_name)
    seat_subjects(target, names)
    modules = (__name__, _reference(settings, target_name).partition(":")[0], *target.isolation.preload)
    return [
        (name, IsolatedSubject(partial(_made_there, settings, target_name, name), limits, modules)) for name in names
    ]


def seat_for(
    settings: Settings, target_name: str | None, names: tuple[str, ...], signature: str | None
) -> list[tuple[str, Subject]]:
    """Subjects for a stored case: isolated, if its signature says that it takes a process or its memory along."""
    if needs_isolation(signature):
        return seat_isolated(settings, target_name, names, Limits())
    return seat_subjects(load_target(settings, target_name), names)


class LockstepPool:
    """The locksteps of one target, made when they are first needed."""

    def __init__(self, settings: Settings, target_name: str | None) -> None:
        self.settings = settings
        self.target_name = target_name
        self.target = load_target(settings, target_name)
        self._made: dict[tuple[tuple[str, ...], bool], Lockstep] = {}

    @property
    def corpus(self) -> Path:
        """The folder of the stored cases."""
        return self.settings.corpus

    def lockstep(self, names: tuple[str, ...], signature: str | None) -> Lockstep:
        """These subjects for a case of a signature. Raises SettingsError and SubjectMissingError."""
        key = names, needs_isolation(signature)
        if key not in self._made:
            seats = seat_for(self.settings, self.target_name, names, signature)
            self._made[key] = Lockstep(self.target, seats)
        return self._made[key]


def _made_there(settings: Settings, target_name: str | None, name: str) -> Subject:
    """In the child: the subject of that name."""
    return _made(load_target(settings, target_name), name)


def _reference(settings: Settings, name: str | None) -> str:
    """The target's `module:attribute`."""
    wanted = name or settings.target
    if wanted is None:
        raise SettingsError("no target is named: use --target module:attribute, or set one in [tool.cracktrader-fuzz]")
    reference = settings.targets.get(wanted, wanted)
    if ":" not in reference:
        known = _listed(settings.targets)
        raise SettingsError(f"unknown target {wanted[:80]!r}: known are {known}; any other is named module:attribute")
    return reference


def _made(target: Target, name: str) -> Subject:
    try:
        return target.subjects[name]()
    except SubjectMissingError:
        raise
    except Exception as error:  # a user's subject, which may raise what it likes
        raise SubjectMissingError(f"subject {name!r} cannot be made: {type(error).__name__}: {error}") from error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"

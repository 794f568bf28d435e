"""A target by its reference, and its subjects in their seats.

Loading a target runs its module, as any import does; so a stored case, which may come from anyone, only chooses among
the targets that the settings or the command line name (`stored_reference`). `LockstepPool` keeps subjects for stored
cases: seated once, used for all of them, and isolated for a case that would end the process that runs it.
"""

import importlib
import sys
from functools import partial
from pathlib import Path

from cracktrader_fuzz.errors import SettingsError, SubjectMissingError, raised_at
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.settings import TABLE, TARGETS_TABLE, Settings
from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.subjects.isolated import IsolatedSubject
from cracktrader_fuzz.subjects.limits import Limits
from cracktrader_fuzz.subjects.oracle import is_opinion
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.text import NAME_LENGTH_MAX, unknown_name


def load_target(settings: Settings, name: str | None) -> Target:
    """The target of a name, or the default one. Raises SettingsError, which lists the names that are known."""
    reference = target_reference(settings, name)
    module_name, _, attribute = reference.partition(":")
    for folder in reversed(settings.pythonpath):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    shown = repr(reference[:NAME_LENGTH_MAX])
    try:
        target = getattr(importlib.import_module(module_name), attribute)
    except Exception as error:  # a user's module, which may raise what it likes
        place = raised_at(error)
        where = "" if place.startswith(f"{__name__}:") else f", raised at {place}"
        raise SettingsError(f"target {shown} cannot be loaded: {type(error).__name__}: {error}{where}") from error
    if not isinstance(target, Target):
        raise SettingsError(f"{shown} is a {type(target).__name__}, not a Target")
    return target


def target_reference(settings: Settings, name: str | None) -> str:
    """The `module:attribute` of a target, or of the default one. Raises SettingsError."""
    wanted = name or settings.target
    if wanted is None:
        raise no_target(settings)
    reference = settings.targets.get(wanted, wanted)
    if ":" not in reference:
        message = unknown_name("target", wanted, sorted(settings.targets), see="list targets")
        raise SettingsError(f"{message}; any other is named module:attribute")
    return reference


def no_target(settings: Settings) -> SettingsError:
    """The error where a target is needed, and neither the command line nor the settings name one."""
    if settings.targets:
        known = ", ".join(sorted(settings.targets))
        return SettingsError(f"no target is named: use --target with one of {known}, or set `target` in {TABLE}")
    return SettingsError(
        "no target is named: `python -m cracktrader_fuzz init` writes a first one; "
        f"or use --target module:attribute, or set `target` in {TABLE}"
    )


def stored_reference(settings: Settings, given: str | None, stored: str, path: Path) -> str:
    """The reference by which the target of a stored case is loaded: the one that is `given`, or else the file's own.

    A file may come from anyone, and to load a target is to run a module. So the file's own counts only if it is a key
    of the settings' targets or the name of the default target; the file is named in the SettingsError otherwise.
    """
    if given is not None:
        return given
    if stored in settings.targets:
        return stored
    if settings.target is not None and load_target(settings, None).name == stored:
        return settings.target
    raise SettingsError(
        f"{path}: its target {ascii(stored)[:NAME_LENGTH_MAX]} is not in {TARGETS_TABLE}, so nothing was "
        "imported: add it there, or run the case with --target module:attribute, if you trust that module"
    )


def seat_subjects(target: Target, names: tuple[str, ...]) -> list[tuple[str, Subject]]:
    """New subjects by name, in this order, each in a process of its own if the target says so.

    Raises SettingsError for an unknown name, a name that stands twice, or fewer than two; SubjectMissingError for one
    that cannot be made here.
    """
    if len(names) < 2:
        raise SettingsError(f"{', '.join(names)!r} cannot be compared alone: name two subjects or more")
    for name in names:
        if name not in target.subjects:
            raise SettingsError(unknown_subject(target, name))
        if names.count(name) > 1:
            raise SettingsError(f"subject {name!r} is named twice: it cannot be held against itself")
    made = [(name, make_subject(target, name)) for name in names]
    if not target.isolation.always:
        return made
    modules = (__name__, *target.isolation.preload)
    return [(name, IsolatedSubject(target.subjects[name], Limits(), modules)) for name in names]


def unknown_subject(target: Target, name: str) -> str:
    """The message for a subject that a target does not have: the nearest names, the seats, how many more there are."""
    others = (each for each in target.subjects if each not in target.seats and not is_opinion(target.oracles, each))
    known = [*target.seats, *sorted(others)]
    return unknown_name("subject", name, known, owner=target.name, shown=len(target.seats), see="list subjects")


def make_subject(target: Target, name: str) -> Subject:
    """A new subject. Raises SubjectMissingError for one that cannot be made here, whatever its maker raised."""
    try:
        return target.subjects[name]()
    except SubjectMissingError:
        raise
    except Exception as error:  # a user's subject, which may raise what it likes
        raise SubjectMissingError(f"subject {name!r} cannot be made: {type(error).__name__}: {error}") from error


def seat_isolated(
    settings: Settings, target_name: str | None, names: tuple[str, ...], limits: Limits
) -> list[tuple[str, Subject]]:
    """The same, each subject in a process of its own. Raises what `seat_subjects` does."""
    target = load_target(settings, target_name)
    seat_subjects(target, names)
    modules = (__name__, target_reference(settings, target_name).partition(":")[0], *target.isolation.preload)
    return [
        (name, IsolatedSubject(partial(_make_in_child, settings, target_name, name), limits, modules)) for name in names
    ]


def seat_for(
    settings: Settings, target_name: str | None, names: tuple[str, ...], signature: str | None
) -> list[tuple[str, Subject]]:
    """Subjects for a stored case: isolated, if its signature says that it takes a process or its memory along."""
    if needs_isolation(signature):
        return seat_isolated(settings, target_name, names, Limits())
    return seat_subjects(load_target(settings, target_name), names)


class LockstepPool:
    """The locksteps of one target, each made when it is first needed."""

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


def _make_in_child(settings: Settings, target_name: str | None, name: str) -> Subject:
    """In a subject's own process: the subject of that name."""
    return make_subject(load_target(settings, target_name), name)

"""Differential fuzzing of two or more implementations of one deterministic state machine.

The names below are what users write against (`docs/reference/api.md`); they are imported when they are first used.
Everything else in this package may change with any version. Commands: `python -m cracktrader_fuzz --help`.
"""

import importlib
from typing import TYPE_CHECKING, Any

from cracktrader_fuzz.version import __version__

if TYPE_CHECKING:
    from cracktrader_fuzz.case.model import Case, Config, Outcome, State, Step
    from cracktrader_fuzz.errors import BrokenError, FuzzError, SubjectMissingError, UsageError
    from cracktrader_fuzz.lockstep.run import Lockstep
    from cracktrader_fuzz.lockstep.signature import Signature
    from cracktrader_fuzz.lockstep.verdict import Divergence, Verdict
    from cracktrader_fuzz.shrink.certificate import Certificate
    from cracktrader_fuzz.shrink.shrinker import Shrinker, ShrinkResult
    from cracktrader_fuzz.subjects.relations import related_subjects, restorable_subjects
    from cracktrader_fuzz.target.call_target import call_target
    from cracktrader_fuzz.target.draw import Draw
    from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, Grammar, IntegerRule, NameRule
    from cracktrader_fuzz.target.protocol import BuildIdentity, Decoder, Subject, Tracker
    from cracktrader_fuzz.target.target import (
        Canary,
        CoverageGuide,
        Generation,
        Isolation,
        Reading,
        Recording,
        Recordings,
        RecordingVerdict,
        Relations,
        Space,
        Target,
    )
    from cracktrader_fuzz.testing.gate import gate_test

_MODULES = {
    "BrokenError": "errors",
    "BuildIdentity": "target.protocol",
    "Canary": "target.target",
    "Case": "case.model",
    "Certificate": "shrink.certificate",
    "ChoiceRule": "target.grammar",
    "Config": "case.model",
    "CoverageGuide": "target.target",
    "DecimalRule": "target.grammar",
    "Decoder": "target.protocol",
    "Divergence": "lockstep.verdict",
    "Draw": "target.draw",
    "FuzzError": "errors",
    "Generation": "target.target",
    "Grammar": "target.grammar",
    "IntegerRule": "target.grammar",
    "Isolation": "target.target",
    "Lockstep": "lockstep.run",
    "NameRule": "target.grammar",
    "Outcome": "case.model",
    "Reading": "target.target",
    "Recording": "target.target",
    "RecordingVerdict": "target.target",
    "Recordings": "target.target",
    "Relations": "target.target",
    "ShrinkResult": "shrink.shrinker",
    "Shrinker": "shrink.shrinker",
    "Signature": "lockstep.signature",
    "Space": "target.target",
    "State": "case.model",
    "Step": "case.model",
    "Subject": "target.protocol",
    "SubjectMissingError": "errors",
    "Target": "target.target",
    "Tracker": "target.protocol",
    "UsageError": "errors",
    "Verdict": "lockstep.verdict",
    "call_target": "target.call_target",
    "gate_test": "testing.gate",
    "related_subjects": "subjects.relations",
    "restorable_subjects": "subjects.relations",
}
"""The public names, each with the module that it comes from."""

__all__ = [
    "BrokenError",
    "BuildIdentity",
    "Canary",
    "Case",
    "Certificate",
    "ChoiceRule",
    "Config",
    "CoverageGuide",
    "DecimalRule",
    "Decoder",
    "Divergence",
    "Draw",
    "FuzzError",
    "Generation",
    "Grammar",
    "IntegerRule",
    "Isolation",
    "Lockstep",
    "NameRule",
    "Outcome",
    "Reading",
    "Recording",
    "RecordingVerdict",
    "Recordings",
    "Relations",
    "ShrinkResult",
    "Shrinker",
    "Signature",
    "Space",
    "State",
    "Step",
    "Subject",
    "SubjectMissingError",
    "Target",
    "Tracker",
    "UsageError",
    "Verdict",
    "__version__",
    "call_target",
    "gate_test",
    "related_subjects",
    "restorable_subjects",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `--help` and a pytest run without fixtures need none of them."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)

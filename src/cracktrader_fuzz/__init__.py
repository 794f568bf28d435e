"""Differential fuzzing of two or more implementations of one deterministic state machine.

Layers, each ignorant of the ones to its right: `case`, `subjects` (the protocols), `lockstep`, then `shrink` and
`search`, then `corpus`, `campaign` and `cli`. Words are used as `docs/harness.md` defines them.
"""

__version__ = "0.1.0"

"""Restart from a checkpoint: a new core restores an older snapshot, then gets the last reports and the steps since.

The reports were in the checkpoint: by section 2 of the page (keys are remembered through snapshot and restore) each
must be a duplicate and change nothing. The steps since must have the outcomes that they had. Cost: that of a hot swap,
and a few steps for one.
"""

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.subjects.hot_swap import RestorableSubject, is_due
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_strategies.relations.redelivery import is_keyed, redeliver

REPORTS = 8  # a venue resends what came last; each of them costs a step at each restart


class RestartError(RuntimeError):
    """After a restart the steps since the checkpoint were answered otherwise."""


class RestartSubject(SubjectWrapper[RestorableSubject]):
    """A core that is restarted from its last checkpoint after each step."""

    def start(self, config: Config) -> None:
        """Start the core; its state is the first checkpoint."""
        self._config = config
        self._subject.start(config)
        self._checkpoint = self._subject.observe()
        self._reports: list[Step] = []
        self._since: list[tuple[Step, Outcome]] = []
        self._taken = 0

    def step(self, step: Step) -> Outcome:
        """The core's outcome; it is restarted after that. Raises RedeliveryError or RestartError."""
        outcome = self._subject.step(step)
        self._since.append((step, outcome))
        if is_due(self._taken):
            self._restart()
        self._taken += 1
        return outcome

    def _restart(self) -> None:
        core = self._subject
        core.start(self._config)
        core.restore(self._checkpoint)
        redeliver(core, self._reports)
        outcomes = [core.step(step) for step, _ in self._since]
        if canonical_json(outcomes) != canonical_json([outcome for _, outcome in self._since]):
            raise RestartError(f"the {len(outcomes)} steps since the checkpoint are answered otherwise")
        keyed = [step for step, outcome in self._since if is_keyed(step, outcome)]
        self._reports = [*self._reports, *keyed][-REPORTS:]
        self._checkpoint, self._since = core.observe(), []

"""Restart from a checkpoint: a new core takes over an older snapshot, is told the last reports and the steps since.

The reports were in the checkpoint: by section 2 of the page (keys are remembered through snapshot and restore) each
must be a duplicate and change nothing. The steps since must be answered as they were. Cost: that of a handover, and a
few steps for one.
"""

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.subjects.hot_swap import RestorableSubject, is_due
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_strategies.relations.redelivered import is_keyed, redeliver

REPORTS = 8  # a venue resends what came last; each of them costs a step at each restart


class RestartError(RuntimeError):
    """After a restart the steps since the checkpoint were answered otherwise."""


class Restarted(SubjectWrapper[RestorableSubject]):
    """A core that is lost again and again, and comes back from a checkpoint."""

    def start(self, config: Config) -> None:
        """The core begins afresh; the first checkpoint is its state."""
        self._config = config
        self._subject.start(config)
        self._checkpoint = self._subject.observe()
        self._reports: list[Step] = []
        self._since: list[tuple[Step, Outcome]] = []
        self._taken = 0

    def step(self, step: Step) -> Outcome:
        """What the core answers after a restart. Raises RedeliveryError or RestartError."""
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
        answered = [core.step(step) for step, _ in self._since]
        if canonical_json(answered) != canonical_json([outcome for _, outcome in self._since]):
            raise RestartError(f"the {len(answered)} steps since the checkpoint are answered otherwise")
        keyed = [step for step, outcome in self._since if is_keyed(step, outcome)]
        self._reports = [*self._reports, *keyed][-REPORTS:]
        self._checkpoint, self._since = core.observe(), []

"""Which steps of a case `repro` shows, and what stands beside them."""

from collections.abc import Iterator

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import UsageError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import START, Divergence
from cracktrader_fuzz.lockstep.watch import SubjectTrace, watch
from cracktrader_fuzz.report.timeline import change_lines, difference_lines, state_lines, timeline

AROUND = 2  # the steps before and after: an order's last move and its next, on less than half a screen


class View:
    """The steps `first` to `last`; `focus` is the one that is looked at closely: named by `--step`, or diverging."""

    def __init__(
        self, lockstep: Lockstep, case: Case, divergence: Divergence | None, *, step: int | None, until: int | None
    ) -> None:
        self.lockstep, self.case, self.divergence = lockstep, case, divergence
        end = len(case.steps) - 1
        for name, wanted in (("--step", step), ("--until", until)):
            if wanted is not None and wanted > end:
                there = f"steps 0 to {end}" if case.steps else "no steps"
                raise UsageError(f"{name} {wanted} is not there: the case has {there}")
        self.first = 0 if step is None else max(0, step - AROUND)
        self.last = end if divergence is None else divergence.index
        if step is not None:
            self.last = min(step + AROUND, end)
        if until is not None:
            self.last = until
        self.focus = self.last if step is None else step
        if divergence is not None and step is None:
            self.focus = min(self.last, divergence.index)

    def lines(self, *, wants_state: bool, wants_rules: bool) -> Iterator[str]:
        """The timeline, then the difference and the state if they are in sight, and what else is wanted."""
        found = self.divergence
        pair = self._pair()
        marked = None if found is None else found.index
        yield from timeline(self.lockstep.target, self.case, pair, range(self.first, self.last + 1), marked)
        if found is not None and found.index <= self.last:
            yield ""
            yield from difference_lines(found.index, found.subjects, found.difference)
        if self.first <= self.focus <= self.last and (found is not None or self.first > 0):
            yield ""
            yield from change_lines(*pair, self.focus)
        for each in pair if wants_state else ():
            yield ""
            yield from state_lines(each, self.last)
        if wants_rules:
            yield ""
            yield from (f"rule       {rule}" for rule in self.rules() or ["the target names no rules"])

    def rules(self) -> list[str]:
        """The rules that the focused step falls under: by its kind, by both codes, by the fields that differ."""
        words = [] if self.focus == START else [self.lockstep.target.grammar.kind(self.case.steps[self.focus])]
        words += [
            str(each.outcomes[self.focus].get("code")) for each in self._pair() if 0 <= self.focus < len(each.outcomes)
        ]
        if self.divergence is not None and self.divergence.index == self.focus:
            words += [str(part) for part in self.divergence.difference.path]
        rules = self.lockstep.target.reading.rules
        return list(dict.fromkeys(rules[word] for word in words if word in rules))

    def _pair(self) -> tuple[SubjectTrace, SubjectTrace]:
        names = self.lockstep.names[:2] if self.divergence is None else self.divergence.subjects
        wanted = (self.focus - 1, self.focus, self.last)
        one, other = (watch(self.lockstep, self.case, name, wanted) for name in names)
        return one, other

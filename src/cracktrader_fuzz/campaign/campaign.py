"""A budgeted run: a canary for each target, then the schedule's jobs on every worker until the budget is spent.

All but the canaries is done by worker processes, so that nothing that a subject does ends the run. A run is repeatable:
the cases depend on the seed alone, and the budget decides how many of them are reached. Ctrl-C and SIGTERM end it early
with what there is. Cost: the canaries take a second or two before the first job.
"""

import math
import time
from collections.abc import Callable, Iterator

from cracktrader_fuzz.campaign.job import Job, Report
from cracktrader_fuzz.campaign.plan import Plan
from cracktrader_fuzz.campaign.pool import WorkerPool, termination_as_interrupt
from cracktrader_fuzz.campaign.schedule import Schedule
from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.campaign.target_run import TargetRun
from cracktrader_fuzz.campaign.worker import HARMLESS
from cracktrader_fuzz.settings import Settings

# No job begins in the last ten seconds of a budget that is kept to: as long as one case may take
# (`Limits.case_seconds`), so that hardly anything has to be dropped at the end.
WIND_DOWN_SECONDS = 10.0
# What is under way at the end has five seconds more: most findings are shrunk within them. One that is not is on the
# disk already, only larger; and a person who pressed Ctrl-C waits no longer than this.
GRACE_SECONDS = 5.0


class Campaign:
    """One run of a plan. `show` is called with it again and again. `spent_seconds` of the budget are gone already."""

    def __init__(
        self, settings: Settings, plan: Plan, show: Callable[["Campaign"], None], spent_seconds: float = 0.0
    ) -> None:
        self._started = time.monotonic() - spent_seconds
        self.plan = plan
        self._show = show
        self.runs = {entry.target: TargetRun(settings, entry, plan) for entry in plan.entries}
        self.schedule = Schedule(arm for run in self.runs.values() for arm in run.arms())
        self.pool = WorkerPool(plan.workers, plan.limits, self, GRACE_SECONDS if plan.cuts else None)
        self._news: dict[str, float] = {}
        self._deadline = self._started + plan.seconds + GRACE_SECONDS if plan.cuts else math.inf
        # A tenth of a short budget instead: ten seconds of a minute would be a sixth of it spent on nothing.
        self._last_job_seconds = plan.seconds - min(WIND_DOWN_SECONDS, plan.seconds / 10) * plan.cuts

    @property
    def summaries(self) -> list[Summary]:
        """What came of each target, in the order of the plan."""
        return [run.summary for run in self.runs.values()]

    @property
    def seconds(self) -> float:
        """How long it has been going, with what was spent before."""
        return time.monotonic() - self._started

    @property
    def quiet_seconds(self) -> float:
        """How long ago something new was seen; since the beginning, if nothing was."""
        return min(map(self.quiet_seconds_of, self._news), default=self.seconds)

    def quiet_seconds_of(self, front_end: str) -> float:
        """How long ago a front end saw something new; since the beginning, if it has not."""
        return time.monotonic() - self._news.get(front_end, self._started)

    def run(self) -> list[Summary]:
        """Run the canaries, then jobs until the budget is spent. Returns one summary for each target."""
        interrupted = False
        with termination_as_interrupt():
            try:
                self._catch_canaries()
                self.pool.run(self._jobs(), self._show_progress, self._deadline)
            except KeyboardInterrupt:
                interrupted = True
        self._note_open_cases()
        for run in self.runs.values():
            run.end(self.seconds, interrupted=interrupted)
        if not interrupted and all(summary.had_no_turn for summary in self.summaries):
            for summary in self.summaries:
                summary.broken.append("nothing was run: the budget was over before")
        return self.summaries

    def take(self, job: Job, report: Report) -> None:
        """Add the report of a job to its target's summary, and charge its arm."""
        news = self.runs[job.target].take(job, report)
        arm = self.schedule.arm(job.target, job.front_end, job.source)
        arm.settle(job.start, job.stop, report.careful, report.seconds, showed_news=news)
        if self.runs[job.target].has_stopped(job.front_end):
            arm.stop()
        if news:
            self._news[job.front_end] = time.monotonic()

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the result of the job's target as invalid, since the job cannot be done."""
        self.runs[job.target].summary.broken.append(reason)

    def wants(self, job: Job) -> bool:
        """Whether a job is worth doing: not for a target whose result is invalid already."""
        return job.target not in self._given_up()

    def _given_up(self) -> set[str]:
        return {name for name, run in self.runs.items() if run.summary.broken}

    def _catch_canaries(self) -> None:
        for run in self.runs.values():
            run.catch_canary()
            self._show_progress()

    def _show_progress(self) -> None:
        for summary in self.summaries:
            summary.seconds = self.seconds
        self._show(self)

    def _jobs(self) -> Iterator[Job]:
        while not (self.plan.cuts and self._is_over()):
            found = self.schedule.next(self._given_up(), is_over=self._is_over())
            if found is None:
                return
            yield self.runs[found.arm.target].job(found.arm, found.start, found.stop)

    def _is_over(self) -> bool:
        return self.seconds >= self._last_job_seconds

    def _note_open_cases(self) -> None:
        """Name the cases that stopped a worker, and that there was no time to run by themselves."""
        for job in self.pool.open:
            message = (
                f"{job.name(job.start)}: {job.careful} in a worker, and no time was left to run it by itself: repro it"
            )
            summary = self.runs[job.target].summary
            # What may have come from outside (a slow machine, a kill) is a note; any other end is a problem of the run.
            (summary.notes if job.careful.startswith(HARMLESS) else summary.open_cases).append(message)

"""A budgeted run: a canary for each target, then the schedule's jobs on every worker until the budget is spent.

All but the canaries is done by a pool of worker processes, so that nothing that a subject does ends the run. A run is
repeatable: the cases depend on the seed alone, the budget only says how many of them are reached. Ctrl-C and SIGTERM
end it early with what there is.
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

WIND_DOWN_SECONDS = 10.0  # before the end no new job begins: a usual one, of about a second, is long over by then
WIND_DOWN_SHARE = 10  # of a short budget, the last tenth: most of it is for the search
GRACE_SECONDS = 5.0  # five times a usual job: what takes longer hangs, or would make the end late


class Campaign:
    """One run of a plan. `show` is called with it as it goes. `spent_seconds` of the budget are gone already."""

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
        self._last_job_seconds = plan.seconds - min(WIND_DOWN_SECONDS, plan.seconds / WIND_DOWN_SHARE) * plan.cuts

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
        """Everything."""
        interrupted = False
        with termination_as_interrupt():
            try:
                self._catch_canaries()
                self.pool.run(self._jobs(), self._tell, self._deadline)
            except KeyboardInterrupt:
                interrupted = True
        self._say_what_is_open()
        for run in self.runs.values():
            run.end(self.seconds, interrupted=interrupted)
        return self.summaries

    def take(self, job: Job, report: Report) -> None:
        """A job was done."""
        news = self.runs[job.target].take(job, report)
        arm = self.schedule.arm(job.target, job.front_end, job.source)
        arm.settle(job.start, job.stop, report.careful, report.seconds, showed_news=news)
        if news:
            self._news[job.front_end] = time.monotonic()

    def give_up(self, job: Job, why: str) -> None:
        """A job cannot be done, so that its target's part proves nothing."""
        self.runs[job.target].summary.broken.append(why)

    def wants(self, job: Job) -> bool:
        """Whether a job is worth doing."""
        return job.target not in self._given_up()

    def _given_up(self) -> set[str]:
        return {name for name, run in self.runs.items() if run.summary.broken}

    def _catch_canaries(self) -> None:
        for run in self.runs.values():
            run.catch_canary()
            self._tell()

    def _tell(self) -> None:
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

    def _say_what_is_open(self) -> None:
        """Cases that stopped a worker, and that there was no time to run by themselves; notes, if that may be us."""
        for job in self.pool.open:
            told = (
                f"{job.name(job.start)}: {job.careful} in a worker, and no time was left to run it by itself: repro it"
            )
            summary = self.runs[job.target].summary
            (summary.notes if job.careful.startswith(HARMLESS) else summary.open_cases).append(told)

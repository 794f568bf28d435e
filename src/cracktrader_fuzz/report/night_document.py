"""What a night found, for a program: `summary.json` of the output folder, and the document of `nightly --json`."""

import msgspec

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.schedule import Arm
from cracktrader_fuzz.campaign.summary import CampaignCounts, exit_code, totals
from cracktrader_fuzz.document import Document, head
from cracktrader_fuzz.report.run_document import SECONDS_DIGITS, RunDocument, run_document

SHARE_DIGITS = 3  # a share falls to a tenth of its weight, and two digits of that are enough to compare arms


class ArmReport(msgspec.Struct, frozen=True):
    """An arm: a front end on a target, with one of its sources."""

    target: str
    """The target, by the name that the settings give it."""
    front_end: str
    """The front end's name."""
    source: int
    """Which of the front end's sources: the number of a recorded file, else 0."""
    next: int | None
    """The first case that was never handed out; null for a front end that ends by itself."""
    seconds: float
    """How much of the workers' time went into it."""
    share: float
    """The weight that it has by now."""


class NightDocument(Document, kw_only=True, tag=head("nightly", 1)):
    """What a night found so far, over all targets."""

    seed: int
    """The seed of all cases."""
    budget_seconds: float
    """The budget, on the clock."""
    seconds: float
    """How much of the budget is spent."""
    interrupted: bool
    """Whether Ctrl-C or SIGTERM ended it early."""
    exit_code: int
    """What `nightly` ends with: the gravest of the targets' exit codes."""
    resume: str | None
    """The command that goes on with the night; null once it is over."""
    total: CampaignCounts
    """All targets together."""
    arms: list[ArmReport]
    """How the time was shared out."""
    targets: dict[str, RunDocument]
    """What was found for each target, by the name that the settings give it."""


def night_document(campaign: Campaign, resume: str) -> NightDocument:
    """The facts of a campaign; `resume` is the command that goes on with it, empty once it is over."""
    summaries = campaign.summaries
    return NightDocument(
        seed=campaign.plan.seed,
        budget_seconds=campaign.plan.seconds,
        seconds=round(campaign.seconds, SECONDS_DIGITS),
        interrupted=any(each.interrupted for each in summaries),
        exit_code=exit_code(summaries),
        resume=resume or None,
        total=totals(summaries),
        arms=[_arm(arm) for arm in campaign.schedule.arms],
        targets={name: run_document(run.summary) for name, run in campaign.runs.items()},
    )


def _arm(arm: Arm) -> ArmReport:
    return ArmReport(
        target=arm.target,
        front_end=arm.front_end,
        source=arm.source,
        next=arm.next if arm.is_endless else None,
        seconds=round(arm.seconds, SECONDS_DIGITS),
        share=round(arm.share, SHARE_DIGITS),
    )

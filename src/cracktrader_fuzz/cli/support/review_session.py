"""The review in a terminal: one finding after the other, a key each, in the manner of `cargo insta review`.

A mistake, of the person or of the files, is reported in a line and the finding stays where it is; Ctrl-D and `q` end
the review and keep what was decided. It needs a terminal: a pipe gets the commands instead (see `cli.promote`).
"""

import datetime
import os
from collections.abc import Callable

import click

from cracktrader_fuzz.cli.support.options import print_lines, print_question
from cracktrader_fuzz.corpus.documents import INTENDED
from cracktrader_fuzz.corpus.judgements import read_judgements
from cracktrader_fuzz.corpus.ledger import read_ledger
from cracktrader_fuzz.corpus.promote import FileChanges, Judgement, verdicts
from cracktrader_fuzz.corpus.review import Review
from cracktrader_fuzz.errors import FuzzError, UsageError
from cracktrader_fuzz.report.finding import finding_lines, more_lines
from cracktrader_fuzz.text import NAME_LENGTH_MAX, printable

KEYS_LINE = "a accept  r reject  s skip  l ledger  m more  o open  u undo  A R S all the rest  q quit  ? help"
HELP = """\
a  accept: name the subject that is wrong and the reason; the finding becomes a fixture
r  reject: the finding is deleted, after a second key
s  skip: it waits on
l  ledger: the difference may stay until a date; asks for its owner and the reason
m  more: what the step of the difference changed in both states
o  open: the file's path, and the file in $EDITOR where that is set
u  undo: take the last decision back, file for file
A  accept this one and all the rest, with one verdict and one reason
R  reject this one and all the rest, after a second key
S  skip all the rest
q  quit: what was decided stays"""


class ReviewSession:
    """A review with a person at the keys."""

    def __init__(self, review: Review, today: datetime.date) -> None:
        self.review = review
        self.today = today
        self.ended = False
        self.actions: dict[str, Callable[[], None]] = {
            "a": self._accept,
            "r": self._reject,
            "s": review.skip,
            "l": self._ledger,
            "m": self._more,
            "o": self._open,
            "u": self._undo,
            "A": self._accept_rest,
            "R": self._reject_rest,
            "S": self._quit,
            "q": self._quit,
            "?": lambda: print_lines(HELP.splitlines()),
        }

    def run(self) -> None:
        """Ask until nothing is left to ask, or the person ends it."""
        shown = -1
        while not self.ended:
            if self.review.current is None:
                self._ask_at_the_end()
                shown = -1
                continue
            if shown != self.review.place:
                shown = self.review.place
                self._guarded(self._show)
            self._act(KEYS_LINE)
        self._print_end()

    def _act(self, question: str) -> None:
        pressed = key(question)
        action = self.actions.get(pressed)
        if action is None:
            print_lines([f"{pressed!r} is no key here: ? lists them"])
        else:
            self._guarded(action)

    def _ask_at_the_end(self) -> None:
        """One more chance to undo; any other key ends the review."""
        print_lines(["", "that was the last one"])
        if key("u undo the last decision  q quit") == "u":
            self._guarded(self._undo)
        else:
            self._quit()

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (FuzzError, OSError) as error:
            print_lines([f"not done: {error}"])

    def _show(self) -> None:
        waiting = self.review.current
        assert waiting is not None
        print_lines(["", f"finding {self.review.place + 1} of {len(self.review.waiting)}", ""])
        corpus, target = self.review.settings.corpus, waiting.finding.target
        ledger, judgements = read_ledger(corpus), read_judgements(corpus, target)
        print_lines(finding_lines(waiting, self.review.lockstep(), ledger, judgements))
        print_lines([""])

    def _more(self) -> None:
        waiting = self.review.current
        assert waiting is not None
        print_lines(more_lines(waiting, self.review.lockstep()))

    def _open(self) -> None:
        waiting = self.review.current
        assert waiting is not None
        print_lines([str(waiting.path)])
        if os.environ.get("VISUAL") or os.environ.get("EDITOR"):
            try:
                click.edit(filename=str(waiting.path))
            except click.ClickException as error:
                print_lines([f"not opened: {error.format_message()}"])

    def _accept(self) -> None:
        judgement = self._judgement()
        if judgement is not None:
            print_change(self.review.accept(judgement))

    def _ledger(self) -> None:
        judgement = self._known_judgement()
        if judgement is not None:
            print_change(self.review.accept(judgement))

    def _accept_rest(self) -> None:
        judgement = self._judgement()
        while judgement is not None and self.review.current is not None:
            print_change(self.review.accept(judgement))

    def _reject(self) -> None:
        if confirmed("r", "delete this finding"):
            print_change(self.review.reject())

    def _reject_rest(self) -> None:
        count = len(self.review.waiting) - self.review.place
        if confirmed("R", f"delete {count} findings"):
            while self.review.current is not None:
                print_change(self.review.reject())

    def _undo(self) -> None:
        print_lines([f"undone: {self.review.undo().path} waits again"])

    def _quit(self) -> None:
        self.ended = True

    def _judgement(self) -> Judgement | None:
        """The verdict and the reason, or None when the person goes back."""
        waiting = self.review.current
        assert waiting is not None
        choices = dict(enumerate(verdicts(waiting.finding), 1))
        listed = "  ".join(f"{number} {name}" for number, name in choices.items())
        pressed = key(f"who is wrong?  {listed}  (any other key: back)")
        verdict = choices.get(int(pressed)) if pressed.isascii() and pressed.isdigit() else None
        if verdict is None:
            return None
        if verdict == INTENDED:
            return self._known_judgement()
        reason = line("why, in one sentence")
        return Judgement(verdict, reason, self.today) if reason else None

    def _known_judgement(self) -> Judgement | None:
        """What the ledger needs, or None when the person goes back."""
        questions = ("its owner", "why it may stay, in one sentence", "until (YYYY-MM-DD)")
        answers = [line(question) for question in questions]
        if not all(answers):
            return None
        owner, reason, until = answers
        try:
            day = datetime.date.fromisoformat(until)
        except ValueError:
            raise UsageError(f"{until[:NAME_LENGTH_MAX]!r} is no date: write it as 2027-02-01") from None
        return Judgement(INTENDED, reason, self.today, owner=owner, until=day)

    def _print_end(self) -> None:
        judged = len(self.review.waiting) - len(self.review.left)
        print_lines(["", f"{judged} judged, {len(self.review.left)} waiting"])


def key(question: str) -> str:
    """One key; the end of input counts as `q`."""
    print_question(question)
    try:
        pressed = click.getchar()
    except EOFError:
        pressed = "q"
    print_lines([pressed])
    return pressed


def line(question: str) -> str:
    """One line of text without the space around it, empty to go back."""
    answer: str = click.prompt(printable(question), default="", show_default=False)
    return answer.strip()


def confirmed(pressed: str, what: str) -> bool:
    """Whether the same key came a second time."""
    return key(f"{pressed} again to {what}, any other key: back") == pressed


def print_change(done: FileChanges) -> None:
    """What a decision did."""
    if done.fixture is not None:
        print_lines([f"accepted: {done.fixture}, written, read back, shown twice by fresh processes"])
        print_lines([] if done.earlier is None else [done.earlier.note])
    elif done.earlier is not None:
        print_lines([f"{done.earlier.already_words}: {done.finding} is gone"])
    else:
        print_lines([f"rejected: {done.finding} is gone"])

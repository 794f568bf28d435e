"""A case as two columns of answers, up to the first difference: readable without colour, at most 120 characters wide.

Each step stands in plain words on a line of its own, below it what the two answered; `>>` marks the step where they
part. Then the difference with both values, and what that step changed in the state of each, by path.
"""

import textwrap
from collections.abc import Iterable, Iterator

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Case, ValuePath
from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.verdict import START, place_words
from cracktrader_fuzz.lockstep.watch import SubjectTrace, changes
from cracktrader_fuzz.report.description import describe_outcome, describe_step
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.text import brief, plain, printable_ascii

WIDTH = 120  # fits beside an editor's file tree, and in a build server's log without a line break
MARGIN = 6  # the step's number, four digits, and a gap
GAP = 2  # one space may stand within an answer, two may not
COLUMN = (WIDTH - MARGIN - GAP) // 2  # two answers side by side
PATH_COLUMN = 44  # fits most paths into the state of an order; what is left is shared by the two values
VALUE_COLUMN = (WIDTH - PATH_COLUMN - 3 * GAP) // 2  # three gaps: the mark, and one before each of the two values
LINES_MAX = 4  # of one answer: a fuzzed step may hold text without end
CHANGES_MAX = 40  # a step that changes more has replaced the state, and a list of that says no more
VALUE_WIDTH = 200  # a value on a line of its own: two lines of a terminal


def timeline(
    target: Target, case: Case, pair: tuple[SubjectTrace, SubjectTrace], shown: Iterable[int], marked: int | None
) -> Iterator[str]:
    """The lines of the steps `shown`, with the answers of both; `marked` is the step where they differ, or `START`."""
    left, right = pair
    yield f"{'step':>4}  {_columns(left.name, right.name, COLUMN)}".rstrip()
    for index in [START] if marked == START else shown:
        for place, line in enumerate(_wrapped(_step_words(target, case, index), WIDTH - MARGIN)):
            yield f"{index if place == 0 and index != START else '':>4}  {line}"
        answers = [_wrapped(_answer(target, each, index), COLUMN) for each in pair]
        for place in range(max(map(len, answers))):
            mark = ">>" if index == marked and place == 0 else "  "
            one, other = (lines[place] if place < len(lines) else "" for lines in answers)
            yield f"{mark:<{MARGIN}}{_columns(one, other, COLUMN)}".rstrip()


def difference_lines(index: int, names: tuple[str, str], difference: Difference) -> Iterator[str]:
    """Where the two differ, and both values."""
    yield f"{place_words(index)}: {path_words(difference.path)}: {difference.kind}"
    yield f"  {names[0]}: {brief(difference.left, VALUE_WIDTH)}"
    yield f"  {names[1]}: {brief(difference.right, VALUE_WIDTH)}"


def change_lines(left: SubjectTrace, right: SubjectTrace, index: int) -> Iterator[str]:
    """What a step changed in either state, and what differs after it, by path; `*` marks what differs."""
    if index not in left.states or index not in right.states:
        blind = " and ".join(_blind(left, right, index))
        yield f"state at {place_words(index)}: not shown, {blind} cannot be looked at"
        return
    apart = {each.path for each in changes(left.states[index], right.states[index])}
    moved = [_changed(each, index) for each in (left, right)]
    paths = sorted(apart | set(moved[0]) | set(moved[1]), key=lambda path: tuple(map(str, path)))
    yield f"state changed by step {index}, {len(paths)} places, * differs{'' if paths else ': none'}"
    for path in paths[:CHANGES_MAX]:
        mark = "* " if path in apart else "  "
        values = [_change_words(moved[place], each, index, path) for place, each in enumerate((left, right))]
        place_text = _cut(path_words(path), PATH_COLUMN)
        yield f"{mark}{place_text:<{PATH_COLUMN}}  {_columns(values[0], values[1], VALUE_COLUMN)}".rstrip()
    if len(paths) > CHANGES_MAX:
        yield f"  and {len(paths) - CHANGES_MAX} more"


def state_lines(watched: SubjectTrace, index: int) -> Iterator[str]:
    """The whole state of one subject after a step, a line for each path."""
    yield f"state of {watched.name} after {place_words(index)}"
    if index not in watched.states:
        yield "  cannot be looked at"
        return
    for each in changes({}, watched.states[index]):
        yield f"  {path_words(each.path)} = {printable_ascii(canonical_json(each.right))}"


def path_words(path: ValuePath) -> str:
    """A path in one word, printable ASCII only."""
    return printable_ascii(".".join(str(part) for part in path))


def _step_words(target: Target, case: Case, index: int) -> str:
    if index == START:
        return printable_ascii(f"start with {canonical_json(case.config)}")
    return describe_step(target, case.steps[index])


def _answer(target: Target, watched: SubjectTrace, index: int) -> str:
    if index == START:
        return describe_outcome(target, watched.start)
    if index >= len(watched.outcomes):
        return "(no answer)"
    return describe_outcome(target, watched.outcomes[index])


def _blind(left: SubjectTrace, right: SubjectTrace, index: int) -> list[str]:
    return [each.name for each in (left, right) if index not in each.states]


def _changed(watched: SubjectTrace, index: int) -> dict[ValuePath, Difference]:
    before = watched.states.get(index - 1)
    if before is None:
        return {}
    return {each.path: each for each in changes(before, watched.states[index])}


def _change_words(moved: dict[ValuePath, Difference], watched: SubjectTrace, index: int, path: ValuePath) -> str:
    change = moved.get(path)
    if change is None:
        return _value_words(watched.states[index], path)
    before = "(none)" if change.kind == "extra" else plain(change.left)
    after = "(none)" if change.kind == "missing" else plain(change.right)
    return printable_ascii(f"{before} > {after}")


def _value_words(state: object, path: ValuePath) -> str:
    for part in path:
        if not isinstance(state, dict) or part not in state:
            return "(none)"
        state = state[part]
    return printable_ascii(plain(state))


def _columns(left: str, right: str, width: int) -> str:
    return f"{_cut(left, width):<{width}}{'':{GAP}}{_cut(right, width)}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _wrapped(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(text, width, subsequent_indent="  ", break_on_hyphens=False) or [""]
    return lines if len(lines) <= LINES_MAX else [*lines[: LINES_MAX - 1], "  ..."]

"""A subject in a process of its own, so that its death is an outcome like any other.

`IsolatedSubject` is a subject: with it exact replay, shrinker, certificate and `repro` work as they do without. What
becomes of a child that dies, hangs or eats memory is a `SubjectCrashedError` with a code of `subjects.crash`; a child
is started again, from a fork server that has the target loaded, when the next case starts. Of an exception in the child
only the name of its class is sent, and the child lives on.

Requests and answers are `marshal` bytes, which keep every plain type apart (a tuple from a list, `1` from `True`);
an answer of any other type is garbage. Nothing that the child writes to standard output or error is seen. Each call
costs two messages through a pipe, about 60 us; a child that died costs some milliseconds (`docs/performance.md`).
"""

import contextlib
import marshal
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.errors import SubjectCrashedError
from cracktrader_fuzz.subjects.crash import death_code, garbage_code, is_outcome
from cracktrader_fuzz.subjects.limits import (
    WALL_FACTOR,
    Limits,
    has_timers,
    interrupts_held,
    limit_cores,
    limit_memory,
    limit_time,
)
from cracktrader_fuzz.target.protocol import BuildIdentity, Subject

MARSHAL_VERSION = 2  # the last that writes equal values as equal bytes: later ones depend on which objects are shared
START_SECONDS = 60.0  # for a subject's maker, which may import slow modules on a busy machine; a hang still ends

Maker = Callable[[], Subject]


class IsolatedSubject:
    """The subject that `make` makes, in a child process. `make` goes there by reference: a function or a `partial`.

    `modules` are what children need: the fork server imports them once.
    """

    def __init__(self, make: Maker, limits: Limits, modules: tuple[str, ...]) -> None:
        self._make = make
        self._limits = limits
        self._modules = modules
        self._child: BaseProcess | None = None
        self._pipe: Connection
        self._ended = ""

    def start(self, config: Config) -> None:
        """A new case. Raises SubjectCrashedError where the subject refuses the configuration, or dies of it."""
        self._ended = ""
        try:
            self._call("start", config)
        except SubjectCrashedError as error:
            self._ended = error.code
            raise

    def step(self, step: Step) -> Outcome:
        """The subject's outcome; what it does to its input is done to `step` as well."""
        self._require_started()
        outcome, changed = self._call("step", step)
        if changed is not None:
            step.clear()
            step.update(changed)
        found: Outcome = outcome
        return found

    def observe(self) -> State:
        self._require_started()
        state: State = self._call("observe", None)
        return state

    def digest(self) -> str:
        self._require_started()
        digest: str = self._call("digest", None)
        return digest

    def identity(self) -> BuildIdentity:
        return msgspec.convert(self._call("identity", None), BuildIdentity)

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._pipe.close()
            self._child.kill()
            self._child.join()
            self._child = None

    def _require_started(self) -> None:
        """Raise what ended the child, or what kept the subject from starting: only `start` begins anew."""
        if self._ended:
            raise SubjectCrashedError(self._ended)

    def _call(self, method: str, argument: Any) -> Any:
        """What the subject answered. Raises SubjectCrashedError."""
        request = marshal.dumps((method, argument), MARSHAL_VERSION)
        if self._child is None:
            self._pipe, self._child = _new_child(self._make, self._limits, self._modules)
        try:
            self._pipe.send_bytes(request)
            # Without timers in the child the parent's clock is the only one, and the first call includes the start.
            if not has_timers() and not self._pipe.poll(WALL_FACTOR * self._limits.step_seconds + START_SECONDS):
                self._child.kill()
                self._ended = "timeout"
            code, value = marshal.loads(self._pipe.recv_bytes())  # noqa: S302 - our own child wrote it
        except (EOFError, OSError, ValueError, TypeError):  # it is gone, at worst in the middle of its answer
            self._ended = self._ended or self._cause_of_death()
            self.close()
            raise SubjectCrashedError(self._ended) from None
        if code:
            raise SubjectCrashedError(code)
        return value

    def _cause_of_death(self) -> str:
        assert self._child is not None
        self._child.join(START_SECONDS)
        return death_code(self._child.exitcode or 0)


def _new_child(make: Maker, limits: Limits, modules: tuple[str, ...]) -> tuple[Connection, BaseProcess]:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    here, there = context.Pipe()
    with interrupts_held():
        if "forkserver" in methods:
            _start_fork_server(modules)
        child = context.Process(target=_serve, args=(there, make, limits), daemon=True)  # type: ignore[attr-defined]
        child.start()
    there.close()
    return here, child


@cache
def _start_fork_server(modules: tuple[str, ...]) -> None:
    """Have the modules loaded once, by the process that all children are forked from. The first call decides."""
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload(["__main__", __name__, *modules])
    with _import_path_in_environment():
        forkserver.ensure_running()


@contextlib.contextmanager
def _import_path_in_environment() -> Iterator[None]:
    """The fork server is a new interpreter, which does not know this one's import path."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        yield
    finally:
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before


def _serve(pipe: Connection, make: Maker, limits: Limits) -> None:
    """The child: answer requests until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all processes; the parent ends this one
    limit_cores()
    _silence()
    limit_time(START_SECONDS)
    subject = make()
    limit_time(0)
    limit_memory(limits.step_memory_mib)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            request = pipe.recv_bytes()
            limit_time(limits.step_seconds)
            answered = _answered(subject, request)
            limit_time(0)
            pipe.send_bytes(answered)


def _answered(subject: Subject, request: bytes) -> bytes:
    """The bytes of (code, value): a code that is not empty says what went wrong."""
    method, argument = marshal.loads(request)  # noqa: S302 - our own parent wrote it
    try:
        code, value = _called(subject, method, argument)
        return marshal.dumps((code, value), MARSHAL_VERSION)
    except ValueError:
        return marshal.dumps((garbage_code(value[0] if method == "step" else value), None), MARSHAL_VERSION)


def _called(subject: Subject, method: str, argument: Any) -> tuple[str, Any]:
    try:
        match method:
            case "start":
                return "", subject.start(argument)  # type: ignore[func-returns-value]
            case "step":
                return _stepped(subject, argument)
            case "identity":
                return "", msgspec.to_builtins(subject.identity())
        value = subject.observe() if method == "observe" else subject.digest()
    except BaseException as error:  # noqa: BLE001 - a Rust panic is one, and Ctrl-C is ignored here
        return f"crashed:{type(error).__name__}", None
    wanted: type = dict if method == "observe" else str
    return ("", value) if type(value) is wanted else (garbage_code(value), None)


def _stepped(subject: Subject, step: Step) -> tuple[str, Any]:
    before = marshal.dumps(step, MARSHAL_VERSION)
    outcome = subject.step(step)
    if not is_outcome(outcome):
        return garbage_code(outcome), None
    return "", (outcome, None if marshal.dumps(step, MARSHAL_VERSION) == before else step)


def _silence() -> None:
    """Shrinking lets a child die a hundred times, and each time it might print its reason."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)

"""The program in a real pseudo-terminal, and a person who waits for a question before a key is pressed."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
LOCAL_MODES = 3
KEY_PROMPT = re.compile(r" > $")
LINE_PROMPT = re.compile(r": $")


class Terminal:
    """A process whose standard streams are a terminal. `text` is all that it wrote, without carriage returns."""

    def __init__(self, *arguments: str | Path, **variables: str) -> None:
        self._master, slave = pty.openpty()
        environment = {**os.environ, "COLUMNS": "160", **variables}
        for name in ("EDITOR", "VISUAL"):
            environment.pop(name, None) if name not in variables else None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cracktrader_fuzz", *map(str, arguments)],
            stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.text = ""
        self._read_to = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def press(self, key: str) -> str:
        """Wait for the question and for raw mode, which throws away what was typed before; what came before the key."""
        before = self._wait_for(KEY_PROMPT)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while termios.tcgetattr(self._master)[LOCAL_MODES] & termios.ICANON:
            assert time.monotonic() < deadline, self.text
            time.sleep(0.005)
        os.write(self._master, key.encode())
        return before

    def type(self, line: str) -> str:
        """Wait for a question that takes a line, and answer it."""
        before = self._wait_for(LINE_PROMPT)
        os.write(self._master, f"{line}\n".encode())
        return before

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        return self._process.wait(PATIENCE_SECONDS)

    def _wait_for(self, prompt: re.Pattern[str]) -> str:
        while not prompt.search(self.text[self._read_to :]):
            assert self._read(), f"it ended while {prompt.pattern!r} was waited for: {self.text}"
        before, self._read_to = self.text[self._read_to :], len(self.text)
        return before

    def _read(self) -> bool:
        """Take what is there; whether anything may still come."""
        ready, _, _ = select.select([self._master], [], [], PATIENCE_SECONDS)
        assert ready, f"nothing came for {PATIENCE_SECONDS} s: {self.text}"
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux: the other end is closed
            return False
        self.text += data.decode().replace("\r", "")
        return bool(data)

"""The exception of the feeds.

ValueError
`-- FeedError        a candle that cannot be taken; what was taken before it stands
"""

from __future__ import annotations


class FeedError(ValueError):
    """A feed that cannot go on, with the cause in `__cause__`; asked again, it says the same again.

    `data_name` is the cursor's, `index` the candle's place in it, from 0, and `line` its line in a file, from 1, else
    None. `code` is the code of the malformed candle, `time_regression` when time goes back, or `unreadable` when
    the source of the candles itself failed.
    """

    def __init__(self, message: str, code: str, data_name: str, index: int, line: int | None = None) -> None:
        super().__init__(message, code, data_name, index, line)
        self.message = message
        self.code = code
        self.data_name = data_name
        self.index = index
        self.line = line

    def __str__(self) -> str:
        where = f"candle {self.index}" if self.line is None else f"candle {self.index}, line {self.line}"
        return f"feed {self.data_name!a}, {where}: {self.message}"

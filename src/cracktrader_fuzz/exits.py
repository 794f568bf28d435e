"""Exit codes: what a command's end means to whoever started it. `docs/reference/exit-codes.md` has the whole table."""

EXIT_NOTHING_NEW = 0  # as every program that succeeds
EXIT_NEW_FINDING = 1  # as a test runner whose tests fail
EXIT_USAGE = 2  # as click and most Unix programs
EXIT_BROKEN = 3  # the first code that has no common meaning: not to be mistaken for a finding
EXIT_KNOWN = 4  # a build server may let this one pass
EXIT_INTERRUPTED = 130  # as a shell: 128 and the number of SIGINT

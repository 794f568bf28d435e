"""One place prints: what goes by it could hold what a terminal or a build server obeys."""

from __future__ import annotations

import ast

from tree import short, syntax, tracked

LOG = "src/cracktrader_fuzz/coverage/child.py"  # a process whose standard error is a file
PRINTER = "src/cracktrader_fuzz/cli/support/options.py"
WAYS = {"click.echo", "click.secho", "click.echo_via_pager", "sys.stdout.write", "sys.stderr.write"}


def test_commands_print_in_one_way() -> None:
    """By the functions of `cli/support/options`, which escape."""
    files = tracked(".py", "src/cracktrader_fuzz")
    found = {
        short(path)
        for path in files
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WAYS
    }
    assert found == {PRINTER, LOG}

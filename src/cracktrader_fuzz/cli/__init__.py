"""The command line. Nothing imports it."""

from cracktrader_fuzz.cli.main import main

__all__ = ["main"]

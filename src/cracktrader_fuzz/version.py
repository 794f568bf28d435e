"""The version of the harness, for whoever writes it into a file. `pyproject.toml` has the same; a test holds that."""

__version__ = "0.1.0"

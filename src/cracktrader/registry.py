"""The registry: which classes an exchange's name stands for.

Promises: a name that was never registered stands for the built-in classes, which are offline; a name is registered
once. Does not build anything: `factories` and `sessions` do. Costs a look-up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cracktrader.engine.error import quoted
from cracktrader.engine.identifiers import parse_venue


@dataclass(frozen=True, slots=True)
class ExchangeClasses:
    """What a third-party exchange brings; None is the built-in one. They are called as the factory of their noun."""

    store_cls: Callable[..., Any] | None = None
    broker_cls: Callable[..., Any] | None = None
    feed_factory: Callable[..., Any] | None = None
    session_cls: Callable[..., Any] | None = None


_BUILT_IN = ExchangeClasses()
_registered: dict[str, ExchangeClasses] = {}


def register_exchange(
    name: str,
    *,
    store_cls: Callable[..., Any] | None = None,
    broker_cls: Callable[..., Any] | None = None,
    feed_factory: Callable[..., Any] | None = None,
    session_cls: Callable[..., Any] | None = None,
) -> None:
    """Let a name stand for these classes from now on; the same once more is no fault.

    MalformedInputError for a name that is no identifier or holds a colon, ValueError for a name that stands for others.
    """
    classes = ExchangeClasses(store_cls, broker_cls, feed_factory, session_cls)
    known = _registered.setdefault(parse_venue(name, "name"), classes)
    if known != classes:
        raise ValueError(f"the exchange {quoted(name)} is registered already, with other classes; choose another name")


def classes_of(name: str | None) -> ExchangeClasses:
    """The classes that the name stands for."""
    return _BUILT_IN if name is None else _registered.get(name, _BUILT_IN)

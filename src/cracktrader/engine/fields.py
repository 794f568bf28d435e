"""What a payload holds: kinds of field, and the shape of a payload as a row of them.

Promises: a shape checks the keys first, then its fields in their order, and the first fault decides the code;
what comes out is a tuple of values in that same order (numbers in units, an absent optional field as its
default). Does not know any event or intent: `events` and `intents` hold the tables. Costs about 0.2 us a
field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any, NamedTuple

from cracktrader.engine import numbers
from cracktrader.engine.domain import FEE_IN_BASE, FREE_TEXT_LENGTH_MAX
from cracktrader.engine.error import MalformedInputError, quoted, refusal
from cracktrader.engine.identifiers import parse_identifier, parse_venue

Values = tuple[Any, ...]
Payload = dict[str, Any]


class Kind(NamedTuple):
    """A kind of field: how it is read, written back to the wire, and written into a fingerprint."""

    parse: Callable[[object, str], Any]
    to_wire: Callable[[Any], Any]
    to_content: Callable[[Any], str]


class Field(NamedTuple):
    """A named field of a payload. An optional one may be null or left out, and then has the default."""

    name: str
    kind: Kind
    optional: bool = False
    default: object = None


def _as_is(value: Any) -> Any:
    return value


def _parse_flag(value: object, field: str) -> bool:
    if type(value) is not bool:
        raise refusal("malformed_type", field, "true or false", value)
    return value


def _parse_free_text(value: object, field: str) -> str:
    if type(value) is not str:
        raise refusal("malformed_type", field, "a string", value)
    if len(value) > FREE_TEXT_LENGTH_MAX or not (value.isascii() or _is_unicode(value)):
        raise refusal(
            "malformed_field",
            field,
            f"at most {FREE_TEXT_LENGTH_MAX} characters without lone surrogates",
            value,
        )
    return value


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def enum_parser(words: Iterable[str]) -> Callable[[object, str], str]:
    """A parser for one closed set: (value, field name) -> the word."""
    ordered = tuple(words)
    members = frozenset(ordered)

    def parse(value: object, field: str) -> str:
        if type(value) is not str:
            raise refusal("malformed_type", field, "a string", value)
        if value not in members:
            raise refusal("malformed_field", field, f"one of {', '.join(ordered)}", value)
        return value

    return parse


def _number_content(units: int | None) -> str:
    return "~" if units is None else str(units)


def _flag_content(flag: bool) -> str:
    return "true" if flag else "false"


def _free_text_content(text: str | None) -> str:
    return "" if text is None else f"={text}"


def _number_kind(parse: numbers.NumberParser, to_text: Callable[[int], str]) -> Kind:
    return Kind(parse, lambda units: None if units is None else to_text(units), _number_content)


def enum_kind(words: Iterable[str]) -> Kind:
    """The kind of a field that holds one word of a closed set."""
    return Kind(enum_parser(words), _as_is, _as_is)


IDENTIFIER = Kind(parse_identifier, _as_is, _as_is)
VENUE = Kind(parse_venue, _as_is, _as_is)
FLAG = Kind(_parse_flag, _as_is, _flag_content)
FREE_TEXT = Kind(_parse_free_text, _as_is, _free_text_content)
QUANTITY = _number_kind(numbers.parse_quantity, numbers.quantity_text)
CUMULATIVE = _number_kind(numbers.parse_cumulative, numbers.quantity_text)
PRICE = _number_kind(numbers.parse_price, numbers.quantity_text)
VOLUME = _number_kind(numbers.parse_volume, numbers.quantity_text)
POSITION = _number_kind(numbers.parse_position, numbers.quantity_text)
MONEY = _number_kind(numbers.parse_money, numbers.money_text)


def pick(names: tuple[str, ...]) -> Callable[[Any], Values]:
    """A function that takes these values out of a dict, in this order; KeyError when one is missing."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda mapping: tuple([mapping[name] for name in names])


class PayloadShape:
    """The fields of one payload, in the order in which they are listed, checked, and given back."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self.names = tuple(field.name for field in fields)
        self._pick_all = pick(self.names)
        self._known = frozenset(self.names)
        self._required = frozenset(field.name for field in fields if not field.optional)
        self._plan = tuple((field.name, field.kind.parse, field.optional, field.default) for field in fields)

    def raw_values(self, payload: Payload) -> Values:
        """The unchecked values in order, None for one left out; `malformed_field` for wrong keys."""
        if len(payload) == len(self.names):
            try:
                return self._pick_all(payload)
            except KeyError:
                pass
        if not self._required <= payload.keys() <= self._known:
            raise wrong_keys("the payload", payload, self.names, self._required)
        return tuple([payload.get(name) for name in self.names])

    def parse(self, payload: Payload) -> Values:
        """The checked values, in the order of the fields."""
        values = list(self.raw_values(payload))
        for index, (name, parse, optional, default) in enumerate(self._plan):
            value = values[index]
            values[index] = default if optional and value is None else parse(value, name)
        return tuple(values)

    def to_wire(self, values: Values) -> Payload:
        """The canonical payload: every field, numbers as canonical text, an absent one as its default."""
        return {field.name: field.kind.to_wire(value) for field, value in zip(self.fields, values, strict=True)}

    def to_content(self, values: Values) -> str:
        """The payload's part of the fingerprint text."""
        return " ".join([field.kind.to_content(value) for field, value in zip(self.fields, values, strict=True)])


class ReportShape(PayloadShape):
    """What ten of the broker reports hold: the order, and a reason that is mostly left out."""

    def __init__(self) -> None:
        super().__init__(Field("order_id", IDENTIFIER), Field("reason", FREE_TEXT, optional=True))

    def parse(self, payload: Payload) -> Values:
        """(order_id, reason or None)"""
        if len(payload) == 1 and "order_id" in payload:
            return parse_identifier(payload["order_id"], "order_id"), None
        return super().parse(payload)

    def to_content(self, values: Values) -> str:
        """The same text as any shape gives, written in one go."""
        order_id, reason = values
        return f"{order_id} {_free_text_content(reason)}"


class FillShape(PayloadShape):
    """`order_fill`: the grid and the bound of the fee follow its asset, which is therefore checked first."""

    def __init__(self) -> None:
        super().__init__(
            Field("order_id", IDENTIFIER),
            Field("last_quantity", QUANTITY),
            Field("last_price", PRICE),
            Field("fee", MONEY),
            Field("fee_asset", IDENTIFIER),
        )

    def parse(self, payload: Payload) -> Values:
        """(order_id, last_quantity, last_price, fee in units of its own grid, fee_asset)."""
        order_id, last_quantity, last_price, fee, fee_asset = self.raw_values(payload)
        parse_identifier(order_id, "order_id")
        quantity = numbers.parse_quantity(last_quantity, "last_quantity")
        price = numbers.parse_price(last_price, "last_price")
        parse_identifier(fee_asset, "fee_asset")
        parse_fee = numbers.parse_base_fee if fee_asset == FEE_IN_BASE else numbers.parse_money
        return order_id, quantity, price, parse_fee(fee, "fee"), fee_asset

    def to_wire(self, values: Values) -> Payload:
        """As for any shape, with the fee written on its own grid."""
        payload = super().to_wire(values)
        fee, fee_asset = values[3:]
        if fee_asset == FEE_IN_BASE:
            payload["fee"] = numbers.quantity_text(fee)
        return payload

    def to_content(self, values: Values) -> str:
        """The same text as any shape gives, written in one go: this is the most frequent keyed event."""
        order_id, quantity, price, fee, fee_asset = values
        return f"{order_id} {quantity} {price} {fee} {fee_asset}"


def exact_record(value: object, owner: str, names: tuple[str, ...]) -> dict[str, Any]:
    """The value, an exact dict with exactly these keys; `malformed_type` or `malformed_field` for another."""
    if type(value) is not dict:
        raise refusal("malformed_type", owner, "a dict", value)
    if value.keys() != set(names):
        raise wrong_keys(owner, value, names)
    return value


def wrong_keys(
    owner: str, mapping: dict[Any, Any], names: tuple[str, ...], required: frozenset[str] | None = None
) -> MalformedInputError:
    """The exception for a dict with missing or unknown keys; `required` is all names when it is left out."""
    missing = [name for name in names if name not in mapping and (required is None or name in required)]
    unknown = next((quoted(key) for key in mapping if key not in names), "another key")
    fault = f"lacks {', '.join(missing)}" if missing else f"must not hold {unknown}"
    return MalformedInputError(f"{owner} {fault}; its keys are {', '.join(names) or 'none'}", "malformed_field")

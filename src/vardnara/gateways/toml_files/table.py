"""Takes values out of a table of a TOML file one by one, and remembers what was wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from vardnara.gateways.toml_files.read import TomlFile
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

type Path = tuple[str | int, ...]


class Table:
    """One table. Every ``take`` returns a value that can be used; where there is none, the fault is remembered.

    Parameters
    ----------
    file
        The file that it is in.
    path
        Where.
    faults
        List that faults are added to.
    known
        Keys that the table may have; others are faults.
    """

    def __init__(self, file: TomlFile, path: Path, faults: list[Fault], known: Collection[str]) -> None:
        value: Any = file.data
        for part in path:
            value = value[part]
        self.file, self.path, self.faults = file, path, faults
        self.values: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.fault("", _said(value), "a table")
        for key in self.values:
            if key not in known:
                self.fault(key, "unknown key", "one of " + ", ".join(known))

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def fault(self, key: str, wrong: str, expected: str = "") -> None:
        """Remember a fault at a key; with no key, at the table."""
        self.faults.append(self.file.fault((*self.path, key) if key else self.path, wrong, expected))

    def faults_of(self, key: str, error: InputError) -> None:
        """Remember the faults of somebody who knew no lines."""
        self.faults += [self.file.moved(fault, (*self.path, key)) for fault in error.faults]

    def tables(self, key: str, known: Collection[str], *, required: bool = False) -> list[Table]:
        """The array of tables under a key."""
        rows = self.values.get(key, [])
        if not isinstance(rows, list):
            self.fault(key, _said(rows), f"an array of tables, [[{key}]]")
            return []
        if required and not rows:
            self.fault(key, "missing", f"at least one [[{key}]]")
        return [Table(self.file, (*self.path, key, number), self.faults, known) for number in range(len(rows))]

    def text(self, key: str, default: str = "", *, required: bool = False, among: Collection[str] = ()) -> str:
        """Text that is not blank."""
        value = self._value(key, required, default)
        expected = "one of " + ", ".join(among) if among else "text"
        if (
            not isinstance(value, str)
            or (key in self and not value.strip())
            or (key in self and among and value not in among)
        ):
            self._wrong(key, value, expected, required)
            return default
        return str(value)

    def number(
        self, key: str, default: float = 0, *, low: float = 0, high: float = 1e9, whole: bool = False,
        above_low: bool = False,
    ) -> float:  # fmt: skip
        """A number within bounds."""
        value = self._value(key, False, default)
        if not _is_number(value, low, high) or (whole and value != int(value)) or (above_low and value <= low):
            kind = "a whole number" if whole else "a number"
            bounds = f"above {low:g} and up to {high:g}" if above_low else f"from {low:g} to {high:g}"
            self.fault(key, _said(value), f"{kind} {bounds}")
            return default
        return float(value)

    def decimal(
        self, key: str, *, low: Decimal | None = None, required: bool = False, places: int | None = None
    ) -> Decimal | None:
        """An exact number, from a file that was read so, or None."""
        value = self.values.get(key)
        if value is None and not required:
            return None
        found = None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            found = Decimal(value)
        good = found is not None and found.is_finite() and (low is None or found >= low)
        if not good or (places is not None and found is not None and found != round(found, places)):
            expected = "a number" if low is None else f"a number from {low}"
            self._wrong(key, value, expected + (f" with at most {places} decimals" if places else ""), required)
            return None
        return found

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.fault(key, _said(value), "true or false")
            return default
        return value

    def week(self, key: str) -> tuple[float, ...]:
        """One number for every day, or seven from Monday to Sunday; zeros where there is none."""
        found = week_of(self.values.get(key, 0))
        if found is None:
            self.fault(key, _said(self.values[key]), "a number of 0 or more, or seven from Monday to Sunday")
        return found or (0.0,) * 7

    def hours(self, key: str) -> tuple[float, ...] | None:
        """24 weights, or None."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != 24 or not all(_is_number(one, 0, 1e9) for one in value):
            self.fault(key, _said(value), "24 numbers of 0 or more, from midnight on")
            return None
        return tuple(float(one) for one in value)

    def day(self, key: str) -> date | None:
        """A date, or None."""
        value = self.values.get(key)
        if value is not None and type(value) is not date:  # a date-time is a date too, and not what was meant
            self.fault(key, _said(value), "a date such as 2026-01-31")
            return None
        return value

    def texts(self, key: str, default: Sequence[str] = (), *, required: bool = False) -> tuple[str, ...]:
        """A list of texts with at least one in it."""
        value = self._value(key, required, list(default))
        good = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
        if not good or (key in self and not value):
            self._wrong(key, value, "a list of texts, at least one", required)
            return tuple(default)
        return tuple(value)

    def mapping[T](self, key: str, read: Callable[[object], T | None], expected: str) -> dict[str, T]:
        """A table of values by code."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, _said(value), f"a table of {expected} by task")
            return {}
        found = {}
        for code, raw in value.items():
            one = read(raw)
            if one is None:
                self.faults.append(self.file.fault((*self.path, key, code), _said(raw), expected))
            else:
                found[code] = one
        return found

    def made[T](self, key: str, make: Callable[[], T]) -> T | None:
        """What ``make`` makes, or None with its faults remembered at a key."""
        try:
            return make()
        except InputError as error:
            self.faults_of(key, error)
            return None

    def _value(self, key: str, required: bool, default: object) -> Any:
        return None if required and key not in self.values else self.values.get(key, default)

    def _wrong(self, key: str, value: object, expected: str, required: bool) -> None:
        self.fault(key, "missing" if required and key not in self else _said(value), expected)


def _is_number(value: object, low: float, high: float) -> bool:
    # bounds also refuse what is infinite or no number
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def week_of(value: object) -> tuple[float, ...] | None:
    """One number for all days or seven; None where it is neither."""
    if _is_number(value, 0, 1e9):
        return (float(value),) * 7  # type: ignore[arg-type]  # it is a number
    if isinstance(value, list) and len(value) == 7 and all(_is_number(one, 0, 1e9) for one in value):
        return tuple(float(one) for one in value)
    return None


def share_of(value: object) -> float | None:
    """A share from 0 to 1; None where it is none."""
    return float(value) if _is_number(value, 0, 1) else None  # type: ignore[arg-type]  # it is a number


def _said(value: object) -> str:
    """A value as it stands in the file, not too long."""
    text = str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."

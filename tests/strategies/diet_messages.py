"""Messages about diets and allergies, written by hand for tests."""

from __future__ import annotations

from itertools import count

from tests.strategies.messages import adt, stamp

_control = count(1)


def omd(
    minute: float,
    *orders: str,
    patient: str = "P1",
    visit: str = "V1",
    kind: str = "OMD^O03^OMD_O03",
    control: str = "",
    sender: str = "EHR",
) -> bytes:
    """A diet order message; each of ``orders`` is the segments of one order with ``/`` between them."""
    lines = [
        rf"MSH|^~\&|{sender}|FJ|VN|FJ|{stamp(minute)}||{kind}|{control or f'D{next(_control)}'}|P|2.5.1",
        f"PID|1||{patient}^^^FJ",
    ]
    if visit:
        lines.append("|".join(["PV1", "1", "I", *[""] * 16, visit]))
    for order in orders:
        lines += order.split("/")
    return "\r".join(lines).encode("latin-1") + b"\r"


def order(control: str, number: str, *codes: str, letter: str = "D", periods: str = "", text: str = "") -> str:
    """One order with a code each row."""
    rows = "".join(f"/ODS|{letter}|{periods}|{code}|{text}" for code in codes)
    return f"ORC|{control}|{number}^EHR{rows}"


def allergies(event: str, minute: float, *rows: str, bed: str = "1-1", **words: str) -> bytes:
    """An ADT message with AL1 or IAM rows."""
    raw = adt(event, minute, bed, **words)  # type: ignore[arg-type]
    return raw + b"".join(row.encode("latin-1") + b"\r" for row in rows)


def al1(code: str, kind: str = "FA", text: str = "") -> str:
    """One AL1."""
    return f"AL1|1|{kind}|{code}^{text or code}^L"


def iam(action: str, code: str, number: str = "", kind: str = "FA") -> str:
    """One IAM."""
    return f"IAM|1|{kind}|{code}^{code}^L|||{action}|{number}"

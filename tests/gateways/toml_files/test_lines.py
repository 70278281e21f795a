"""Each key has its line, whatever TOML allows to stand around it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.gateways.toml_files import TomlFile, toml_read
from vardnara.gateways.toml_files.lines import lines_of
from vardnara.kernel.errors import InputError

TEXT = '''# a comment with [brackets] and = signs
title = "x = [1] # no comment"
numbers = [ # one
  1, [2, 3],

  { a = 1, "b c" = """
two ] lines""" },
]
a.b."c.d" = 'lit#eral'
when = 2026-01-01 # with a comment

[[ward]]
code = "A"
"quoted" = """a ""quote"" \\"""" # end
  [ward.facts]
  beds = 1
[[ward]]
code = "B"
  [[ward.room]]
  n = 1
  [[ward.room]]
  n = 2
[plain.table]
x = {y.z = 1}
four = """a""""
after = 1
'''


def paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Every path of a parsed document."""
    found = {path} if path else set()
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        found |= paths(one, (*path, key))
    return found


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("numbers",), 3),
        (("numbers", 1, 1), 4),
        (("numbers", 2, "b c"), 6),
        (("a", "b", "c.d"), 9),
        (("when",), 10),
        (("ward", 0), 12),
        (("ward", 0, "quoted"), 14),
        (("ward", 0, "facts", "beds"), 16),
        (("ward", 1, "code"), 18),
        (("ward", 1, "room", 1, "n"), 22),
        (("plain", "table", "x", "y", "z"), 24),
        (("plain", "table", "after"), 26),
    ],
)
def test_the_line_of_a_key(path: tuple[str | int, ...], line: int) -> None:
    assert lines_of(TEXT)[path] == line


def test_every_key_is_found() -> None:
    """Strings, dates, nested arrays, inline tables, comments: nothing throws the walker off."""
    assert paths(tomllib.loads(TEXT)) <= set(lines_of(TEXT))


@settings(deadline=None)
@given(st.lists(st.sampled_from(TEXT.splitlines(keepends=True)), max_size=12).map("".join))
def test_what_tomllib_accepts_is_walked_through(text: str) -> None:
    """Lines in any order: either no TOML, or every key has a line that there is."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = lines_of(text)
    assert paths(data) <= set(found)
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())


def test_a_fault_stands_where_its_key_would_stand() -> None:
    """A key that is missing is told at the table that lacks it."""
    file = TomlFile("x.toml", {}, lines_of(TEXT))
    assert str(file.fault(("ward", 1, "beds"), "missing", "a number")) == "x.toml:17: beds: missing, expected a number"
    assert file.line(("nowhere",)) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a = 1\nb = \n", "2: Invalid value"),
        (b"a = 1\n\xff = 2\n", "2: a byte that is not UTF-8"),
        (b"a = 1\na = 2\n", "2: Cannot overwrite a value"),
        (b"a = [1,\n2", "2: Unclosed array"),
        (b"a = " + b"[" * 20_000, "1: tables or lists within each other, too many"),
        (b"a = " + b"[" * 900 + b"]" * 900, "1: tables or lists within each other, too many"),
    ],
)
def test_what_is_not_toml_says_where(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        toml_read(path)
    assert str(caught.value.faults[0]).startswith(f"{path}:{expected}")


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    """Files written on Windows."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\n\r\nb = 2\r\n")
    file = toml_read(path)
    assert file.data == {"a": 1, "b": 2} and file.line(("b",)) == 3


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        toml_read(tmp_path / "none.toml")

"""What the readers share: lines with their numbers, and faults that are gathered before anything is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

LARGEST = 10**9


class TextFile:
    """A text file, and the faults found in it so far."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.path, self.faults = path, faults
        self.lines: list[str] = []
        try:
            self.lines = path.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError:
            self.fault(1, "not text in UTF-8", "a text file")
        except OSError as error:
            self.faults.append(Fault(str(path), "", error.strerror or "cannot be read", "a file"))

    def fault(self, line: int, wrong: str, expected: str) -> None:
        self.faults.append(Fault(str(self.path), str(line), wrong, expected))

    def whole(self, line: int, text: str, what: str, least: int = 0) -> int | None:
        """A whole number, or a fault."""
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= LARGEST:
            self.fault(line, f"{what} {text.strip()!r}", f"a whole number of {least} or more")
            return None
        return value

    def guarded[T](self, line: int, make: Callable[[], T]) -> T | None:
        """What ``make`` makes, or its complaint as a fault."""
        try:
            return make()
        except ValueError as error:
            self.fault(line, str(error), "")
            return None

    def content(self, comment: str = "") -> Iterator[tuple[int, str]]:
        """Line numbers and lines, without comments and empty ones."""
        for number, line in enumerate(self.lines, 1):
            said = line.split(comment, 1)[0].strip() if comment else line.strip()
            if said:
                yield number, said


def refuse(faults: list[Fault]) -> None:
    """Raise if there are any."""
    if faults:
        raise InputError(faults)

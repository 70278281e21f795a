"""ER7, the pipe notation: bytes to segments and fields, with the message's own delimiters and character set."""

from __future__ import annotations

from dataclasses import dataclass

# HL7 table 0211 -> Python codec
CHARSETS: dict[str, str] = {
    "": "",
    "ASCII": "ascii",
    "8859/1": "iso8859-1",
    "8859/2": "iso8859-2",
    "8859/5": "iso8859-5",
    "8859/9": "iso8859-9",
    "8859/15": "iso8859-15",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16",
}


class Er7Error(ValueError):
    """A message that cannot be read.

    ``condition`` is a code of HL7 table 0357, ``location`` an ERR-2 location such as ``PID^1^3``.
    """

    def __init__(self, condition: str, location: str, text: str) -> None:
        super().__init__(text)
        self.condition = condition
        self.location = location
        self.text = text


@dataclass(frozen=True, slots=True)
class Delimiters:
    """MSH-1 and MSH-2."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @classmethod
    def read(cls, msh: str) -> Delimiters:
        """The delimiters that a message states in its first eight characters."""
        if len(msh) < 8:
            raise Er7Error("100", "MSH^1", "MSH ends before its delimiters")
        stated = msh[3:8]
        if len(set(stated)) != 5 or any(c.isalnum() or c.isspace() for c in stated):
            # MSH-2 may leave out the subcomponent delimiter
            if msh[3] == msh[7] and len(set(stated[:4])) == 4:
                return cls(stated[0], stated[1], stated[2], stated[3])
            raise Er7Error("102", "MSH^1^2", "delimiters are missing or repeated")
        return cls(stated[0], stated[1], stated[2], stated[3], stated[4])

    def unescape(self, text: str) -> str:
        r"""Resolve ``\F\ \S\ \T\ \R\ \E\`` and hexadecimal escapes; highlighting and unknown escapes are dropped."""
        if self.escape not in text:
            return text
        simple = {
            "F": self.field,
            "S": self.component,
            "T": self.subcomponent,
            "R": self.repetition,
            "E": self.escape,
            ".br": "\n",
        }
        parts = text.split(self.escape)
        out = [parts[0]]
        index = 1
        while index < len(parts):
            code = parts[index]
            if index + 1 >= len(parts):
                out.append(self.escape + code)
                break
            if code in simple:
                out.append(simple[code])
            elif code[:1] == "X" and len(code) % 2 == 1:
                try:
                    out.append(bytes.fromhex(code[1:]).decode("latin-1"))
                except ValueError:
                    out.append(self.escape + code + self.escape)
            out.append(parts[index + 1])
            index += 2
        return "".join(out)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. ``fields[0]`` is its name; for MSH, ``field(2)`` is the encoding characters as in the standard."""

    name: str
    fields: tuple[str, ...]
    delimiters: Delimiters

    def field(self, number: int) -> str:
        """Field ``number`` as written, all repetitions; empty where absent."""
        index = number - 1 if self.name == "MSH" else number
        return self.fields[index] if 0 <= index < len(self.fields) else ""

    def repetitions(self, number: int) -> list[str]:
        """The repetitions of a field that are not empty."""
        return [part for part in self.field(number).split(self.delimiters.repetition) if part]

    def component(
        self, number: int, component: int = 1, subcomponent: int = 1, *, repetition: str | None = None
    ) -> str:
        """One component, unescaped; ``""`` for absent. HL7's explicit ``""`` (delete) comes back as two quotes."""
        delimiters = self.delimiters
        if repetition is None:
            text = self.field(number)
            if delimiters.repetition in text:
                text = text.partition(delimiters.repetition)[0]
        else:
            text = repetition
        for delimiter, wanted in ((delimiters.component, component), (delimiters.subcomponent, subcomponent)):
            if delimiter in text:
                parts = text.split(delimiter)
                text = parts[wanted - 1] if wanted <= len(parts) else ""
            elif wanted > 1:
                return ""
        return delimiters.unescape(text).strip() if text else ""


@dataclass(frozen=True, slots=True)
class Er7Message:
    """A message as segments, in order."""

    segments: tuple[Segment, ...]
    delimiters: Delimiters
    codec: str

    @property
    def msh(self) -> Segment:
        """The header."""
        return self.segments[0]

    def first(self, name: str) -> Segment | None:
        """The first segment of a name, or None."""
        return next((segment for segment in self.segments if segment.name == name), None)


def er7_read(raw: bytes, *, default_charset: str = "8859/1", header_only: bool = False, codec: str = "") -> Er7Message:
    r"""Read a message.

    Parameters
    ----------
    raw
        The bytes between the MLLP frame characters. Segments end with CR; LF and CR LF are understood as well.
    default_charset
        Table 0211 name to use where MSH-18 is empty (STANDARDS H-09: never guessed per message).
    header_only
        Read the MSH segment alone.
    codec
        Python codec to use whatever MSH-18 says.

    Raises
    ------
    Er7Error
        No MSH, unusable delimiters, an unknown character set, or bytes that the character set does not have.
    """
    head = raw[:4]
    if head[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"\x00" in head and b"M" in head)
    if wide:
        codec = (
            "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-16-le" if head[:1] == b"M" else "utf-16-be")
        )
    else:
        if not raw.lstrip(b"\r\n \t").startswith(b"MSH"):
            raise Er7Error("100", "MSH", "the message does not begin with MSH")
        raw = raw.lstrip(b"\r\n \t")
        codec = codec or _codec(raw, default_charset)
    if header_only and not wide:
        raw = raw.replace(b"\n", b"\r").split(b"\r", 1)[0]
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        raise Er7Error("102", "MSH^1^18", f"byte {error.start} is not {codec}") from error
    if not text.startswith("MSH"):
        raise Er7Error("100", "MSH", "the message does not begin with MSH")
    delimiters = Delimiters.read(text)
    segments: list[Segment] = []
    for line in text.replace("\r\n", "\r").replace("\n", "\r").split("\r"):
        if not line.strip():
            continue
        fields = tuple(line.split(delimiters.field))
        name = fields[0].strip()
        if len(name) != 3 or not name.isalnum():
            raise Er7Error("100", name[:3], f"line {len(segments) + 1} does not begin with a segment name")
        segments.append(Segment(name, (name, *fields[1:]), delimiters))
    return Er7Message(tuple(segments), delimiters, codec)


def _codec(raw: bytes, default_charset: str) -> str:
    """The codec of MSH-18 of a message in a one-byte-compatible encoding, else the sender's default."""
    line = raw.replace(b"\n", b"\r").split(b"\r", 1)[0].decode("latin-1")
    fields = line.split(line[3]) if len(line) > 3 else []
    stated = fields[17].split("~")[0].split("^")[0].strip() if len(fields) > 17 else ""
    name = stated or default_charset
    codec = CHARSETS.get(name.upper())
    if not codec:
        raise Er7Error("103", "MSH^1^18", f"unknown character set {name}")
    return "utf-8" if codec == "utf-16" else codec

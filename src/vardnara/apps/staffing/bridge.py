"""Posts as rows of a table, and faults of files in the reader's language."""

from __future__ import annotations

import re

from django.utils.translation import pgettext, pgettext_lazy

from vardnara.kernel.faults import Fault

# What readers of tables tell in English; what is not here stays as it was said.
TOLD = (
    (r"byte (?P<byte>\S+) is not (?P<encoding>\S+)", pgettext_lazy("fault", "byte %(byte)s is not %(encoding)s")),
    (
        r"UTF-8, or the file's encoding declared.*",
        pgettext_lazy("fault", "the file's encoding declared (cp1252 is common in Windows files)"),
    ),
    (r"column (?P<name>.+) stands twice", pgettext_lazy("fault", "column %(name)s stands twice")),
    (r"(?P<n>\d+) cells", pgettext_lazy("fault", "%(n)s cells")),
    (r"(?P<n>\d+) as in the header", pgettext_lazy("fault", "%(n)s as in the header")),
    (r"each column once", pgettext_lazy("fault", "each once")),
    (r"not a workbook that can be opened.*", pgettext_lazy("posts", "not a workbook that can be opened")),
    (r"an empty table", pgettext_lazy("posts", "an empty table")),
    (r"a header row", pgettext_lazy("posts", "a row with the names of the columns")),
    (r"the quotes of this row do not match.*", pgettext_lazy("posts", "the quotes of this row do not match")),
)


def _words(text: str) -> str:
    for pattern, told in TOLD:
        found = re.fullmatch(pattern, text)
        if found:
            return str(told) % found.groupdict()
    return text


def fault_words(fault: Fault) -> str:
    """A fault as a page shows it: where, what is wrong, what was expected."""
    where = f"{fault.source}:{fault.place}" if fault.place else fault.source
    if not fault.expected:
        return f"{where}: {_words(fault.wrong)}"
    said = pgettext("fault", "%(wrong)s; expected: %(expected)s")
    return f"{where}: " + said % {"wrong": _words(fault.wrong), "expected": _words(fault.expected)}

"""Hyphens in Word at which no line may break: within a date as 2026-02-28, after a single letter as in C-OP."""

from __future__ import annotations

import re
from typing import Any, Final

from vardnara.engines.documents.docx_xml import element, qualified

KEPT: Final = re.compile(r"(?<=\d{4})-(?=\d\d-\d\d\b)|(?<=\d{4}-\d\d)-(?=\d\d\b)|(?<=\b[A-ZÅÄÖ])-(?=[A-ZÅÄÖ])")


def hyphens_keep(word: Any) -> None:
    """Let Word's own no-break hyphen stand for each: it is read, searched and copied as an ordinary one."""
    for text in list(word.element.body.iter(qualified("w:t"))):
        first, *rest = KEPT.split(text.text or "")
        if not rest:
            continue
        _say(text, first)
        for part in reversed(rest):
            text.addnext(_say(element("w:t"), part))
            text.addnext(element("w:noBreakHyphen"))


def _say(text: Any, words: str) -> Any:
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return text

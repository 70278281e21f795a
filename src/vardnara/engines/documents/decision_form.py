"""The forms of decision documents: which parts, in which order, under which heading (DOMAIN.md 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vardnara.engines.documents.decision_parts import DocumentKind

ECONOMY_HEADING: Final = "Ekonomiska konsekvenser"
PARTS: Final = ("summary", "matter", "economy", "basis", "proposals", "decisions", "signatures", "recipients")


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """How one kind of document is laid out.

    Parameters
    ----------
    label
        Above the title.
    order
        Of `PARTS`; every part once, those without content do not appear.
    matter_heading
        Of the first section, where it has none of its own.
    matter_together
        The sections after the first, and the economy, stand under the first one's heading.
    proposal_heading
        Where the document names none.
    in_service
        Above the names of those who sign.
    minutes
        The page bears a protocol's furniture: meeting date, organ, place for the certifier's signature.
    """

    label: str
    order: tuple[str, ...]
    matter_heading: str
    matter_together: bool
    proposal_heading: str
    in_service: str = ""
    minutes: bool = False


_PARAGRAPH = ("summary", "matter", "economy", "proposals", "decisions", "basis", "signatures", "recipients")

FORMS: Final = {
    DocumentKind.MEMO: DecisionForm(
        "TJÄNSTESKRIVELSE", PARTS, "Ärendebeskrivning", True, "Regiondirektörens förslag", "I tjänsten"
    ),
    DocumentKind.DIRECTOR_DECISION: DecisionForm(
        "Regiondirektörsbeslut", PARTS, "Ärendebeskrivning", True, "Förslag till beslut"
    ),
    DocumentKind.PROTOCOL_PARAGRAPH: DecisionForm(
        "Protokoll", _PARAGRAPH, "Ärendebeskrivning", True, "Förslag till beslut", minutes=True
    ),
    DocumentKind.PROTOCOL_EXTRACT: DecisionForm(
        "Protokollsutdrag", _PARAGRAPH, "Ärendebeskrivning", True, "Förslag till beslut", minutes=True
    ),
    DocumentKind.PROPOSAL: DecisionForm(
        "",
        ("proposals", "summary", "matter", "economy", "decisions", "basis", "signatures", "recipients"),
        "Bakgrund",
        False,
        "Förslag till beslut",
    ),
}

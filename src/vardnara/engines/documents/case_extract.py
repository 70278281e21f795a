"""The extract of minutes that tells of one decided case: what those who are to know of the decision are sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from vardnara.engines.case import Case, Examination
from vardnara.engines.documents.case_document import case_document
from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_parts import DocumentKind


@dataclass(frozen=True, slots=True)
class Minuted:
    """Where a case was decided: the organ, the day of its meeting, and the § of its minutes (``30`` or ``§ 30``)."""

    organ: str
    on: date
    paragraph: str


def case_minuted(case: Case) -> Minuted | None:
    """Where a case itself says that it was decided, None where it names no § and meeting or decides nothing."""
    if not (case.paragraph and case.meeting_on and case.proposals):
        return None
    return Minuted(case.organ, case.meeting_on, case.paragraph)


def extract_document(
    found: Examination, minuted: Minuted, *, recipients: tuple[str, ...], registry_number: str = ""
) -> DecisionDocument:
    """The extract: §, matter, decision, its documents, whom it is sent to, and the line where it is certified.

    Parameters
    ----------
    found
        What the case came to.
    minuted
        The paragraph that decided it.
    recipients
        Whom this extract is for; none where nobody is named.
    registry_number
        By default the case's.

    Notes
    -----
    A case written as a paragraph of minutes is extracted as that paragraph reads. Of a memo or a proposal the minutes
    have the summary; where there is none, the matter. What the case rests on (figures, warnings, risks, chain) is
    appended to its own document, and is no part of the minutes.
    """
    document = case_document(found, dated_on=minuted.on)
    whole = document.kind is DocumentKind.PROTOCOL_PARAGRAPH
    return replace(
        document,
        kind=DocumentKind.PROTOCOL_EXTRACT,
        dated_on=minuted.on,
        organ=minuted.organ,
        registry_number=registry_number or document.registry_number,
        paragraph=minuted.paragraph,
        meeting_on=minuted.on,
        sections=document.sections if whole or not document.summary else (),
        economy=document.economy if whole else None,
        charts=document.charts if whole else (),
        proposals=(),
        decisions=document.decisions or document.proposals,
        signatories=(),
        recipients=recipients,
        figures=(),
        spread=None,
        warnings=(),
        contradictions=(),
        transfer=(),
        risks=(),
        chain=(),
    )

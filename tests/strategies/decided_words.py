"""What a reader must find in the documents of `decided`: headings in the order of the form, and every text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date

from hypothesis import strategies as st
from tests.strategies.decided import DIRECTOR
from tests.strategies.decided_forms import MEMO, PROPOSAL

from vardnara.engines.documents import DecisionDocument, DocumentKind
from vardnara.kernel.swedish import date_swedish, quantity_swedish

# In this order, and no heading of the form but these
HEADINGS = {
    DocumentKind.MEMO: (
        "TJÄNSTESKRIVELSE", MEMO.title, "Sammanfattning", "Ärendebeskrivning", "Regiondirektörens förslag",
        "I tjänsten", "Maja Exempel", "Åke Övning", "Utdrag till",
    ),
    DocumentKind.DIRECTOR_DECISION: (
        "Regiondirektörsbeslut", DIRECTOR.title, "Sammanfattning", "Ärendebeskrivning", "Konsekvenser för bemanningen",
        "Ekonomiska konsekvenser", "Beslutsunderlag", "Regionservice får i uppdrag att:", "Maja Exempel", "Utdrag till",
        "Bilaga: Underlag", "Varningar", "Siffror och källor", "Uppgifter som säger emot varandra",
        "Arbetsuppgifter som byter ägare", "Risk- och konsekvensanalys", "Beslutskedja",
    ),
    DocumentKind.PROTOCOL_PARAGRAPH: (
        "§ 30 Återrapportering", "RS 35-2021", "Sammanfattning", "Förslag till beslut", "Beslut", "Beslutsunderlag",
    ),
    DocumentKind.PROPOSAL: (
        "Driftnämnden Regionservice", PROPOSAL.title, "Förslag till beslut", "Bakgrund", "Varför ökar kostnaderna?",
        "Vilka vinster ser vi", "Ekonomiska konsekvenser",
    ),
}  # fmt: skip

# Letters, and every sign that one of the writers might take for its own
TEXT = st.text(
    st.sampled_from("aåäöAÅÄÖé 09§%-–−.,:;!?\"'”’()[]/\\&<>{}#$*_@`~^|=+\u00a0"), min_size=1, max_size=60
).filter(lambda text: text.strip() != "") | st.sampled_from(
    [
        "{{ title }}",
        "{% for x in y %}",
        "{# no #}",
        "{_{ title }_}",
        "{_% if %_}",
        "<w:t>&amp;</w:t>",
        "#panic()",
        "$x$",
        "=1+1",
    ]
)


def said(document: DecisionDocument) -> list[str]:
    """Every text of the document that a reader must find, line by line."""
    left_out = {"id", "unit", "kind", "formula", "description", "categories", "heading", "appendix_title"}
    # The name of a chart's only series is in its alternative text, where it needs no legend
    only_series = {chart.series[0].name for chart in document.charts if len(chart.series) == 1}
    found: list[str] = []

    def walk(value: object, name: str = "") -> None:
        if name in left_out:
            return
        if isinstance(value, str):
            found.extend(line for line in value.split("\n") if line.strip())
        elif isinstance(value, tuple):
            for one in value:
                walk(one)
        elif isinstance(value, date):
            found.append(date_swedish(value))
        elif is_dataclass(value):
            for field in fields(value):
                walk(getattr(value, field.name), field.name)

    walk(document)
    found = [text for text in found if text not in only_series]
    found += [quantity_swedish(figure.value, figure.unit) for figure in document.figures]
    found += [section.heading for section in document.sections if section.heading]
    return found

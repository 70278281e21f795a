"""Documents: seconds to write a large decision as Word, PDF and workbook together, and its slides.

No database. Sixty figures, sixty risks, a table of two hundred rows, twelve payers and three charts. The first of a
process imports its libraries and is told apart: a command pays it each time.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from _hospital import machine

from vardnara.engines.documents import (
    Chart,
    ChartKind,
    DecisionDocument,
    DocumentKind,
    Economy,
    EconomyAmounts,
    EconomyRow,
    Figure,
    FigureKind,
    Point,
    Resolution,
    RiskRow,
    Section,
    Series,
    Signatory,
    Source,
    TextTable,
    document_docx,
    document_pdf,
    document_pptx,
    document_xlsx,
)

NEEDED = {"together_first_s": 3.0, "together_s": 3.0}  # issue: Word, PDF and workbook of one decision
SENTENCE = "Arbetsuppgifterna förs över successivt i samverkan mellan vårdnära service och verksamheterna. "


def document_make() -> DecisionDocument:
    """A decision larger than any of the public ones."""
    source = Source("Översyn av vårdnära service", "s. 2", SENTENCE)
    quoted = tuple(
        Figure(f"q{n}", f"Uppgift {n}", Decimal(n * 1000), "sek", FigureKind.QUOTED, source=source) for n in range(30)
    )
    derived = tuple(
        Figure(f"d{n}", f"Beräkning {n}", Decimal(n * 2500), "sek", FigureKind.DERIVED, f"{{q{n}}} * 5 / 2")
        for n in range(30)
    )
    amounts = EconomyAmounts(Decimal(4_300_000), Decimal(10_000), Decimal(460_000), Decimal(50_000), Decimal(700_000))
    payers = tuple(f"Division {n}" for n in range(12))
    months = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
    rows = tuple((f"Avdelning {n}", SENTENCE, "1 234 567") for n in range(200))
    return DecisionDocument(
        kind=DocumentKind.DIRECTOR_DECISION,
        title="Översyn av vårdnära service",
        dated_on=date(2026, 2, 6),
        organisation="Regionen",
        registry_number="RS/113/2026",
        summary=(SENTENCE * 3,),
        sections=(
            Section("", (SENTENCE * 8,) * 12),
            Section("Avdelningarna", (TextTable("Alla", ("Avdelning", "Vad", "Kronor"), rows, (2,)),)),
        ),
        decisions=(
            Resolution(tuple(Point(SENTENCE.strip(), ("Ett", "Två")) for _ in range(10)), "Chefen får i uppdrag att:"),
        ),
        signatories=(Signatory("Maja Exempel", "Regiondirektör"),),
        figures=(*quoted, *derived),
        economy=Economy(tuple(EconomyRow(payer, amounts, amounts) for payer in payers), 2026),
        charts=(
            Chart("Per division", ChartKind.BAR, payers, (Series("Netto", (Decimal(300_000),) * 12),)),
            *(
                Chart(f"Per månad {n}", ChartKind.LINE, months, (Series("Netto", (Decimal(300_000),) * 12),))
                for n in (1, 2)
            ),
        ),
        risks=tuple(
            RiskRow(str(n), "Patient", SENTENCE, SENTENCE, SENTENCE, 3, 4, 12, "röd", SENTENCE, SENTENCE, "Chefen")
            for n in range(60)
        ),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="decisions; the median counts (default 10)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    document = document_make()
    writers = {"word": document_docx, "pdf": document_pdf, "workbook": document_xlsx, "slides": document_pptx}
    runs: dict[str, list[float]] = {name: [] for name in writers}
    for _ in range(args.rounds + 1):
        for name, write in writers.items():
            began = time.perf_counter()
            write(document)
            runs[name].append(time.perf_counter() - began)
    together = [sum(times) for times in zip(runs["word"], runs["pdf"], runs["workbook"], strict=True)]
    result: dict[str, Any] = {
        "together_first_s": round(together[0], 3),
        "together_s": round(median(together[1:]), 3),
        "together_slowest_s": round(max(together[1:]), 3),
        **{f"{name}_s": round(median(times[1:]), 3) for name, times in runs.items()},
        "rounds": args.rounds,
        "needed": NEEDED,
        "machine": machine(),
    }
    result["reached"] = all(result[name] < needed for name, needed in NEEDED.items())
    print(json.dumps(result) if args.json else "\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 0 if result["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())

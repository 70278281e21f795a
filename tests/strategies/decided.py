"""Invented decision documents in the forms of DOMAIN.md 2.1, with short quotes of the public ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from vardnara.engines.documents import (
    Account,
    Bullets,
    ChainRow,
    Chart,
    ChartKind,
    Contradiction,
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
    TransferRow,
    WarningNote,
)

REVIEW = "Översyn av vårdnära service, regiondirektörsbeslut 2026"
D = Decimal

FIGURES = (
    Figure(
        "gross",
        "Besparing på helår",
        D(4_760_000),
        "sek",
        FigureKind.QUOTED,
        source=Source(REVIEW, "s. 2, rad 1", "en besparing på helår på 4,76 mkr"),
    ),
    Figure(
        "service",
        "Därav Regionservice",
        D(4_300_000),
        "sek",
        FigureKind.QUOTED,
        source=Source(REVIEW, "s. 2, rad 2", "varav 4,3 mkr inom Regionservice"),
    ),
    Figure("care", "Därav hälso- och sjukvården", D(460_000), "sek", FigureKind.DERIVED, "{gross} - {service}"),
    Figure(
        "months",
        "Månader kvar av 2026 från 1 mars",
        D(10),
        "months",
        FigureKind.ENTERED,
        source=Source("Regionservice", "plan för avvecklingen"),
    ),
    Figure(
        "part", "Bruttoeffekt 2026", D("3966666.67"), "sek", FigureKind.DERIVED, "ROUND({gross} * {months} / 12, 2)"
    ),
    Figure(
        "posts",
        "Tjänster som tas bort",
        D(13),
        "posts",
        FigureKind.QUOTED,
        source=Source(REVIEW, "s. 2, rad 1", "en neddragning av 13 tjänster"),
    ),
    Figure(
        "hours",
        "Arbetade timmar per år och heltid",
        D(1645),
        "hours",
        FigureKind.ENTERED,
        source=Source("Vårdnära service, schema 2026", "netto efter semester och frånvaro"),
        low=D(1590),
        high=D(1700),
    ),
    Figure(
        "hours_all",
        "Timmar per år som lämnar vårdnära service",
        D(21385),
        "hours",
        FigureKind.DERIVED,
        "{posts} * {hours}",
    ),
    Figure(
        "per_post",
        "Besparing per tjänst",
        D("366153.85"),
        "sek",
        FigureKind.DERIVED,
        "ROUND({gross} / {posts}, 2)",
        "besparingen på helår delad med antalet tjänster (vår slutsats, står inte i beslutet)",
    ),
)

ECONOMY = Economy(
    (
        EconomyRow("Regionservice", EconomyAmounts(D(4_300_000)), EconomyAmounts(D("3583333.33"))),
        EconomyRow(
            "Hälso- och sjukvården",
            EconomyAmounts(D(460_000), reinvestment_sek=D(460_000)),
            EconomyAmounts(D("383333.34"), reinvestment_sek=D("383333.34")),
        ),
    ),
    2026,
    "2026 års priser. Delåret räknas i hela månader från 1 mars. Uppsägningstider är inte medräknade.",
)

BARS = Chart(
    "Helårseffekt per betalare",
    ChartKind.BAR,
    ("Regionservice", "Hälso- och sjukvården"),
    (Series("Brutto", (D(4_300_000), D(460_000))), Series("Netto", (D(4_300_000), D(0)))),
)
LINE = Chart(
    "Ackumulerad nettoeffekt 2026",
    ChartKind.LINE,
    ("mars", "april", "maj", "juni", "juli", "aug"),
    (Series("Netto", tuple(D(358_333) * number for number in range(1, 7))),),
)

RISKS = (
    RiskRow(
        "1",
        "Patient",
        "Smittstäd görs av ovan personal",
        "Uppgiften går till vården utan utbildning",
        "Smittspridning på avdelningen",
        3,
        5,
        15,
        "röd",
        "Skriftlig instruktion",
        "Utbildning före övergången",
        "Enhetschef K31",
        date(2026, 2, 20),
        "Hygienrond i april",
        8,
        "2",
        "Vården",
    ),
    RiskRow(
        "2",
        "Medarbetare",
        "Hög arbetsbelastning vid måltider",
        "Färre händer mellan 11.30 och 13.00",
        "Sena måltider, stress",
        4,
        3,
        12,
        "röd",
        "",
        "Digital beställning av patientkost",
        "Chef vårdnära service",
        date(2026, 3, 15),
        "Avvikelser varje vecka",
        6,
        "2",
        "Vården",
    ),
    RiskRow(
        "3",
        "Ekonomi",
        "Besparingen uteblir",
        "Rekrytering i vården",
        "Nettoeffekten minskar med 0,46 mkr",
        4,
        2,
        8,
        "grön",
        "Månadsuppföljning",
        "",
        "Controller",
        None,
        "Tertialrapport",
        8,
        "2",
        "Service",
    ),
)

DIRECTOR = DecisionDocument(
    kind=DocumentKind.DIRECTOR_DECISION,
    title="Översyn av vårdnära service, VNS",
    dated_on=date(2026, 2, 6),
    organisation="Region Jämtland Härjedalen",
    organ="Regiondirektören",
    registry_number="RS/113/2026",
    summary=(
        "Den utökade vårdnära servicen avvecklas till den 28 februari 2026. Tretton tjänster berörs. Besparingen är "
        "4,76 mkr på helår, varav 0,46 mkr väntas gå åt till en rekrytering i vården.",
    ),
    sections=(
        Section(
            "",
            (
                "Enheten för vårdnära service avlastar vårdens personal på Östersunds sjukhus med måltider, förråd och "
                "lokalvård. Under åren efter pandemin utökades servicen inom kirurgi och medicin.",
                "Bemanningsläget har förbättrats. Utökningen finns kvar men behovet är ett annat, och regionen ska "
                "nå en ekonomi i balans. Arbetsuppgifter som går över till vården är bland annat:",
                Bullets(("hemgångsstäd,", "servering och avdukning vid måltider,", "påfyllning av förråd på kvällar.")),
            ),
        ),
        Section(
            "Konsekvenser för bemanningen",
            (
                "Tjänsterna fördelar sig så här.",
                TextTable(
                    "Tjänster som berörs",
                    ("Område", "Tjänster", "I ram", "Betalas av"),
                    (
                        ("Division Kirurgi", "5", "ja", "Regionservice"),
                        ("Division Medicin", "5", "ja", "Regionservice"),
                        ("Pool", "2", "nej", "Regionservice"),
                        ("Akuten/IVA och C-OP", "1", "ja", "Hälso- och sjukvården"),
                    ),
                    (1,),
                ),
            ),
        ),
        Section(
            "Ekonomiska konsekvenser",
            ("Besparingen på helår är 4\u00a0760\u00a0000 kr. Under 2026 hinner tio tolftedelar få effekt.",),
        ),
    ),
    basis=(
        "Bilaga 1: Presentation",
        "Risk- och konsekvensanalys, version 2, 2026-02-02",
        "Protokoll från samverkan 2026-02-05",
    ),
    decisions=(
        Resolution(
            (
                Point(
                    "Avveckla utökad VNS i nuvarande form till senast 2026-02-28:",
                    (
                        "5 tjänster inom division Kirurgi",
                        "5 tjänster inom division Medicin",
                        "2 pooltjänster (finns ej i ram)",
                        "1 av 2 tjänster inom Akuten/IVA och C-OP (finansieras av HS)",
                    ),
                ),
                Point("Ställa om resterande tjänst på Akuten/IVA och C-OP för patientnära arbete."),
            ),
            "Regionservice får i uppdrag att:",
        ),
    ),
    signatories=(Signatory("Maja Exempel", "Regiondirektör"),),
    recipients=("Hälso- och sjukvårdsdirektör", "Divisionscheferna", "Chef Regionservice"),
    figures=FIGURES,
    economy=ECONOMY,
    charts=(BARS, LINE),
    warnings=(
        WarningNote(
            "POST_OUTSIDE_FRAME",
            "Två pooltjänster finns inte i någon ram. Kostnaden minskar, men ingen budget frigörs.",
        ),
        WarningNote("SAVING_REINVESTED", "0,46 mkr av besparingen väntas gå åt till en rekrytering."),
    ),
    contradictions=(
        Contradiction(
            "När utökades servicen?",
            (
                Account("15 juni 2023", Source(REVIEW, "s. 1", "beslutades i regionledningen den 15 juni 2023")),
                Account(
                    "10 augusti 2022",
                    Source(
                        "Omdisponering av budgetram, 2023",
                        "s. 1",
                        "som regiondirektören tog beslut om att genomföra, 2022-08-10",
                    ),
                ),
            ),
        ),
    ),
    transfer=(
        TransferRow("Hemgångsstäd", D(6200), D(4100), D(900), D(1200), "Parallellt mäts städ av utbildad personal."),
        TransferRow("Måltidshantering", D(9800), D(9800), D(0), D(0)),
        TransferRow("Förråd", D(5385), None, None, None),
    ),
    risks=RISKS,
    chain=(
        ChainRow(date(2026, 1, 19), "Regionledningen", "Inriktningsbeslut"),
        ChainRow(date(2026, 2, 5), "Regionkommittén", "Samverkan"),
        ChainRow(
            date(2026, 2, 6),
            "Regiondirektören",
            "Slutligt beslut",
            valid_to=date(2026, 12, 31),
            note="Följs upp i delåret",
        ),
    ),
)

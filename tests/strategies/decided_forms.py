"""One invented document of each form, beside the director's decision of `decided`."""

from __future__ import annotations

from datetime import date

from tests.strategies.decided import DIRECTOR, D

from vardnara.engines.documents import (
    Bullets,
    Chart,
    ChartKind,
    DecisionDocument,
    DocumentKind,
    Figure,
    FigureKind,
    Point,
    Resolution,
    Section,
    Series,
    Signatory,
    Source,
    WarningNote,
)

MEMO = DecisionDocument(
    kind=DocumentKind.MEMO,
    title="Åtgärder som får kortsiktig ekonomisk effekt",
    dated_on=date(2026, 1, 27),
    organisation="Region Jämtland Härjedalen",
    organ="Hälso- och sjukvårdsnämnden",
    registry_number="HSN/1895/2025",
    meeting_on=date(2026, 2, 12),
    summary=("Särskild prövning av hyrbemanning och anställningar föreslås fortsätta till och med juni 2026.",),
    sections=(
        Section(
            "",
            (
                "Nämnden har löpande arbetat med åtgärder för kort och lång sikt. Två tunga aktiviteter i "
                "planen är minskad inhyrd bemanning och att inte öka personalkostnaderna.",
                "De omfattar tillsammans 175 miljoner kronor under 2026. Tidigare beslut om särskild prövning löper ut "
                "2026-03-31. Därför behöver nämnden ta ställning till en förlängning.",
            )
            * 3,
        ),
    ),
    proposals=(
        Resolution(
            (
                Point("Hälso- och sjukvårdsnämnden noterar informationen."),
                Point(
                    "Regiondirektören får i uppdrag att fortsätta särskild prövning av samtliga avrop av hyrbemanning "
                    "under april till och med juni 2026."
                ),
                Point(
                    "Regiondirektören får i uppdrag att fortsätta särskild prövning av alla anställningar "
                    "under april till och med juni 2026."
                ),
            )
        ),
    ),
    signatories=(Signatory("Maja Exempel", "Regiondirektör"), Signatory("Åke Övning", "Hälso- och sjukvårdsdirektör")),
    recipients=("Regionstyrelsen", "Divisionschefer"),
)

PARAGRAPH = DecisionDocument(
    kind=DocumentKind.PROTOCOL_PARAGRAPH,
    title="Återrapportering av vårdnära service",
    dated_on=date(2021, 1, 26),
    organisation="Region Jämtland Härjedalen",
    organ="Regionstyrelsens arbetsutskott",
    registry_number="RS 35-2021",
    paragraph="30",
    meeting_on=date(2021, 1, 26),
    summary=(
        "En översyn är gjord. Ledningarna är eniga om att renodla vården från serviceuppdrag, över tid.",
        "Regionen behöver först genomföra effektiviseringar för att sedan återinvestera i vårdnära service.",
    ),
    proposals=(
        Resolution(
            (Point("Återrapporteringen är godkänd."),), "Arbetsutskottet föreslår att regionstyrelsen beslutar:"
        ),
    ),
    decisions=(
        Resolution(
            (Point("Återrapporteringen är godkänd."),), "Arbetsutskottet föreslår att regionstyrelsen beslutar:"
        ),
    ),
    basis=("Återrapportering vårdnära service", "Bilaga 1 Återrapportering VNS och fortsatta steg"),
)

PROPOSAL = DecisionDocument(
    kind=DocumentKind.PROPOSAL,
    title="Fortsatt utveckling av vårdnära service (VNS)",
    dated_on=date(2018, 3, 14),
    organisation="Region Halland",
    organ="Driftnämnden Regionservice",
    registry_number="RS180031",
    proposals=(
        Resolution(
            (
                Point("Driftnämnden Regionservice godkänner redovisningen."),
                Point("Driftnämnden Regionservice ger förvaltningschefen i uppdrag att dokumentera avtalen."),
            )
        ),
    ),
    sections=(
        Section("", ("Införandet av vårdnära service är en förutsättning för att utveckla arbetsfördelningen. " * 4,)),
        Section(
            "Varför ökar kostnaderna?",
            ("Uppgifterna gjordes tidigare integrerat i verksamheten.", Bullets(("Helger", "Slutstäd"), True)),
        ),
        Section("Vilka vinster ser vi med vårdnära service?", ("Rätt kompetens gör rätt sak.",)),
        Section(
            "Ekonomiska konsekvenser", ("Regionservice prognos för helåret är 23,4 mkr. Ersättningen är 11,0 mkr.",)
        ),
    ),
    figures=(
        Figure(
            "cost",
            "Prognos för helåret",
            D(23_400_000),
            "sek",
            FigureKind.QUOTED,
            source=Source("Fortsatt utveckling av vårdnära service", "Ekonomiska konsekvenser", "23,4 mnkr"),
        ),
        Figure(
            "paid",
            "Ersättning",
            D(11_000_000),
            "sek",
            FigureKind.QUOTED,
            source=Source("Fortsatt utveckling av vårdnära service", "Ekonomiska konsekvenser", "11,0 mnkr"),
        ),
        Figure("deviation", "Avvikelse", D(-12_400_000), "sek", FigureKind.DERIVED, "{paid} - {cost}"),
    ),
    charts=(
        Chart(
            "Kostnad, ersättning och avvikelse",
            ChartKind.BAR,
            ("Kostnad", "Ersättning", "Avvikelse"),
            (Series("Helår", (D(23_400_000), D(11_000_000), D(-12_400_000))),),
        ),
    ),
    warnings=(WarningNote("COMPENSATION_BELOW_COST", "Ersättningen är 12,4 mkr lägre än kostnaden."),),
)

ALL = (MEMO, DIRECTOR, PARAGRAPH, PROPOSAL)

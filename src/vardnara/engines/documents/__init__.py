"""Documents from data: what is to be read on paper, drawn the same each time."""

from vardnara.engines.documents.data import CardLine, CardTask, CardWords, ElsewhereTask, FunctionCard
from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_docx import document_docx
from vardnara.engines.documents.decision_parts import (
    Account,
    AssumptionRow,
    Bullets,
    ChainRow,
    Chart,
    ChartKind,
    Contradiction,
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
    Spread,
    SpreadRow,
    TextTable,
    TransferRow,
    WarningNote,
)
from vardnara.engines.documents.decision_pdf import document_pdf
from vardnara.engines.documents.decision_pptx import document_pptx
from vardnara.engines.documents.decision_template import document_template
from vardnara.engines.documents.decision_xlsx import document_xlsx
from vardnara.engines.documents.function_card import function_card_build
from vardnara.engines.documents.paper_list import (
    PaperBed,
    PaperRow,
    PaperSheet,
    PaperWords,
    paper_lists_build,
)
from vardnara.engines.documents.params import A5, A7, CardSize
from vardnara.engines.documents.template_check import template_faults
from vardnara.engines.documents.tray_ticket import (
    TicketCover,
    TicketDish,
    TicketPaper,
    TicketWords,
    TrayTicket,
    tickets_build,
)
from vardnara.engines.documents.tray_zpl import tickets_zpl
from vardnara.engines.documents.writing import WritingFault, writing_faults

__all__ = [
    "A5",
    "A7",
    "Account",
    "AssumptionRow",
    "Bullets",
    "CardLine",
    "CardSize",
    "CardTask",
    "CardWords",
    "ChainRow",
    "Chart",
    "ChartKind",
    "Contradiction",
    "DecisionDocument",
    "DocumentKind",
    "Economy",
    "EconomyAmounts",
    "EconomyRow",
    "ElsewhereTask",
    "Figure",
    "FigureKind",
    "FunctionCard",
    "PaperBed",
    "PaperRow",
    "PaperSheet",
    "PaperWords",
    "Point",
    "Resolution",
    "RiskRow",
    "Section",
    "Series",
    "Signatory",
    "Source",
    "Spread",
    "SpreadRow",
    "TextTable",
    "TicketCover",
    "TicketDish",
    "TicketPaper",
    "TicketWords",
    "TransferRow",
    "TrayTicket",
    "WarningNote",
    "WritingFault",
    "document_docx",
    "document_pdf",
    "document_pptx",
    "document_template",
    "document_xlsx",
    "function_card_build",
    "paper_lists_build",
    "template_faults",
    "tickets_build",
    "tickets_zpl",
    "writing_faults",
]

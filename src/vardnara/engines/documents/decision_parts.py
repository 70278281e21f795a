"""What a decision document is made of: sections, points, figures, economy, risks, charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

NOUGHT = Decimal(0)


class DocumentKind(StrEnum):
    """The forms of DOMAIN.md 2.1: memo to a board, director's decision, paragraph, extract, Halland's proposal."""

    MEMO = "memo"
    DIRECTOR_DECISION = "director_decision"
    PROTOCOL_PARAGRAPH = "protocol_paragraph"
    PROTOCOL_EXTRACT = "protocol_extract"
    PROPOSAL = "proposal"


class FigureKind(StrEnum):
    """Where a figure comes from: quoted from a document, derived by a formula, entered by a person, or read from a
    register of the system."""

    QUOTED = "quoted"
    DERIVED = "derived"
    ENTERED = "entered"
    REGISTER = "register"


class ChartKind(StrEnum):
    """Bars for parties or alternatives beside each other, a line for one thing over time."""

    BAR = "bar"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands: document, place in it (page, line), and its words."""

    document: str
    place: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list within a section; lettered where people will refer to its points."""

    items: tuple[str, ...]
    lettered: bool = False


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table within a section: caption, header, rows as wide as the header; which columns (from 0) are numbers."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it: a text is a paragraph. The first may lack a heading: the form has one."""

    heading: str
    blocks: tuple[str | Bullets | TextTable, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a proposal or decision, and its points a), b), c)."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Points under one lead such as ``Regionservice får i uppdrag att:``; the lead may be empty."""

    points: tuple[Point, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that the document rests on.

    Parameters
    ----------
    id
        Short name that formulas use, such as ``gross``.
    label
        What it is.
    value, unit
        Finite; ``sek``, ``share`` (0-1), ``posts``, ``hours`` and others of `swedish.UNITS`, or a unit in words.
    kind
        Quoted, derived or entered.
    formula
        Of a derived one, over other figures' ids (`figure_formula`): ``{gross} - {care}``.
    formula_text
        The same in words; made from the formula where it is empty.
    source
        Of a quoted or entered one.
    low, high
        Interval, where there is one.
    note
        What is to be known of it beside that.
    """

    id: str
    label: str
    value: Decimal
    unit: str
    kind: FigureKind
    formula: str = ""
    formula_text: str = ""
    source: Source | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """How sure a payer's net effect of a full year is: the mean, what nine tenths lie between, and the share in which
    the payer at least breaks even. Kronor, positive where cost falls."""

    payer: str
    mean_sek: Decimal
    low_sek: Decimal
    high_sek: Decimal
    payback_share: Decimal


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """What the net effect of all payers would be with one assumption at its lowest and at its highest."""

    label: str
    at_low_sek: Decimal
    at_high_sek: Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """How sure the economy is; what matters most is the first assumption."""

    rows: tuple[SpreadRow, ...]
    assumptions: tuple[AssumptionRow, ...]


@dataclass(frozen=True, slots=True)
class EconomyAmounts:
    """Kronor of one payer in one year. Savings are positive when cost falls; costs are positive when they arise.

    `unfunded_sek` is the part of the gross saving that lies on posts outside every frame: cost falls, no budget is
    freed. It is told and not subtracted.
    """

    gross_saving_sek: Decimal = NOUGHT
    transferred_cost_sek: Decimal = NOUGHT
    reinvestment_sek: Decimal = NOUGHT
    one_off_sek: Decimal = NOUGHT
    unfunded_sek: Decimal = NOUGHT

    @property
    def net_sek(self) -> Decimal:
        """Gross saving less transferred cost, re-investment and one-off cost."""
        return self.gross_saving_sek - self.transferred_cost_sek - self.reinvestment_sek - self.one_off_sek


@dataclass(frozen=True, slots=True)
class EconomyRow:
    """A payer: a full year, and the budget year's part of it where that is known."""

    payer: str
    full_year: EconomyAmounts
    budget_year: EconomyAmounts | None = None

    @property
    def carry_over_sek(self) -> Decimal | None:
        """What follows in the year after: full-year less budget-year gross saving."""
        if self.budget_year is None:
            return None
        return self.full_year.gross_saving_sek - self.budget_year.gross_saving_sek


@dataclass(frozen=True, slots=True)
class Economy:
    """Effects by payer; `year` is the budget year, `note` says what the amounts assume (price year, dates)."""

    rows: tuple[EconomyRow, ...]
    year: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WarningNote:
    """What the case's data object to: stable code and words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class TransferRow:
    """Hours a year of a task that changes hands; `None` where nobody has measured."""

    task: str
    hours_leaving: Decimal | None
    hours_received: Decimal | None
    hours_released: Decimal | None
    hours_without_home: Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A row of the risk and consequence analysis (columns of DOMAIN.md 2.3).

    `side` says whose analysis it is (service, care); `level` is the colour in words, such as ``röd``.
    """

    number: str
    area: str
    risk: str
    cause: str = ""
    consequence: str = ""
    likelihood: int | None = None
    severity: int | None = None
    value: int | None = None
    level: str = ""
    existing_action: str = ""
    new_action: str = ""
    responsible: str = ""
    due_on: date | None = None
    follow_up: str = ""
    residual: int | None = None
    version: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A link in the chain of decisions."""

    decided_on: date | None
    organ: str
    kind: str
    paragraph: str = ""
    valid_to: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What one document says about something that another tells differently."""

    statement: str
    source: Source


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something that documents tell differently, with every account."""

    matter: str
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Values of a chart, one for each category."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its data; the alternative text is made from the data where `description` is empty."""

    title: str
    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = "sek"
    description: str = ""

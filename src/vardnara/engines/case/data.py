"""What a decision document says, as data; every number of it is a figure with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from vardnara.engines.economy import FlowKind, Funding, PostChange
from vardnara.kernel.formula import formula_references


@dataclass(frozen=True, slots=True)
class Source:
    """A document that quotes are taken from; ``dated_on`` is None where it carries no date."""

    id: str
    title: str
    organisation: str = ""
    dated_on: date | None = None
    registry_number: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source, and where in it they stand."""

    source: str
    place: str
    text: str


class FigureKind(StrEnum):
    """Where a figure's value is from."""

    QUOTED = "quoted"  # a document says so
    DERIVED = "derived"  # reckoned from other figures
    ENTERED = "entered"  # a parameter or a person says so
    REGISTER = "register"  # read from the system's own registers


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the case.

    Parameters
    ----------
    id
        Name in formulas.
    label
        What it is, for readers.
    unit
        ``sek``, ``sek_per_year``, ``posts``, ``hours_per_year`` and the like.
    kind
        Where it is from.
    value
        Of a quoted or entered one.
    formula
        Of a derived one, over names of others (:mod:`vardnara.kernel.formula`); of a quoted one, what it ought to come
        to by the document's other figures.
    quote
        Of a quoted one.
    note
        What a reader must know: an estimate, our inference.
    low, high
        Between which it lies, where it is not known for certain; both or none, and not of a derived one: its interval
        follows from those of others (:func:`vardnara.engines.case.case_uncertainty`).
    query, read_on
        Of one that was read from a register: its name with arguments (``staffing.posts?payer=HSN``), and the day.
    """

    id: str
    label: str
    unit: str
    kind: FigureKind
    value: Decimal | None = None
    formula: str = ""
    quote: Quote | None = None
    note: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    query: str = ""
    read_on: date | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The figures that its formula names."""
        return formula_references(self.formula)


@dataclass(frozen=True, slots=True)
class PostsOf:
    """Posts that share a fate, as many as a figure says; ``hours`` is the figure of productive hours of one a year."""

    figure: str
    label: str
    change: PostChange
    change_on: date
    hours: str
    exists_from: date | None = None
    fundings: tuple[Funding, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that changes: a figure, whose it is, what it is and from when."""

    figure: str
    payer: str
    kind: FlowKind
    from_on: date
    to_on: date | None = None
    notice_months: int = 0
    in_frame: bool = True


@dataclass(frozen=True, slots=True)
class Move:
    """Money of a full year that moves from one frame to another."""

    figure: str
    giver: str
    receiver: str
    from_on: date


@dataclass(frozen=True, slots=True)
class LedgerOf:
    """A year's cost of a service beside what is paid for it; both are figures."""

    provider: str
    buyer: str
    cost: str
    compensation: str


@dataclass(frozen=True, slots=True)
class Home:
    """What is said to take care of hours that leave: posts or hours a year, a figure either way.

    ``receives`` tells work that somebody does in that time from work that is no longer there to be done.
    """

    label: str
    figure: str
    receives: bool


class StepKind(StrEnum):
    """What a step of a decision's chain is."""

    PROPOSAL = "proposal"
    ANALYSIS = "analysis"
    INFORMATION = "information"
    DIRECTION = "direction"
    CONSULTATION = "consultation"
    DECISION = "decision"
    EXECUTION = "execution"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the chain.

    Parameters
    ----------
    id, kind, organ, text
        Which, what, whose, and what was said.
    on
        When; None where the document does not say.
    paragraph
        Its § where it has one; it runs per organ and year.
    is_decided
        Whether it has happened; a proposal of today has not.
    valid_from, valid_through
        First and last day of a temporary decision.
    review_by
        The day by which it is to be decided again.
    follows
        The step that it prolongs or replaces.
    quote
        The document's words.
    """

    id: str
    kind: StepKind
    organ: str
    text: str
    on: date | None = None
    paragraph: str = ""
    is_decided: bool = True
    valid_from: date | None = None
    valid_through: date | None = None
    review_by: date | None = None
    follows: str = ""
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What one source says of a fact, such as when something was decided."""

    fact: str
    says: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class ScopeElement:
    """A part of a service, whose it is, and the agreement that says so; empty where nobody wrote it down."""

    label: str
    responsible: str
    agreed_in: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class TaskMove:
    """A kind of work that moves from one party to another, by this decision or by something else that goes on."""

    task: str
    giver: str
    receiver: str
    by: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    """Talks with the unions (MBL 11, 14, 19 §, or samverkan). Open until ``closed_on``."""

    kind: str
    organ: str
    held_on: date | None
    closed_on: date | None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure (åtgärd) that the document tells of; ``effect`` is a figure or empty."""

    label: str
    status: str = ""
    effect: str = ""
    requires: str = ""
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A numbered sentence of the decision, with its points a, b, c."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case.

    Parameters
    ----------
    title, kind, organisation, organ
        What the document is called, which form it has (see ``docs/decide.md``), and whose it is.
    registry_number, paragraph, dated_on, meeting_on
        As the document has them; empty or None where it does not.
    budget_year
        Whose part of the effect is asked for.
    """

    title: str
    kind: str
    organisation: str = ""
    organ: str = ""
    registry_number: str = ""
    paragraph: str = ""
    dated_on: date | None = None
    meeting_on: date | None = None
    budget_year: int | None = None
    sources: tuple[Source, ...] = ()
    figures: tuple[Figure, ...] = ()
    posts: tuple[PostsOf, ...] = ()
    amounts: tuple[Amount, ...] = ()
    moves: tuple[Move, ...] = ()
    ledger: LedgerOf | None = None
    homes: tuple[Home, ...] = ()
    receiver_hourly: str = ""
    steps: tuple[Step, ...] = ()
    accounts: tuple[Account, ...] = ()
    scope: tuple[ScopeElement, ...] = ()
    tasks: tuple[TaskMove, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    measures: tuple[Measure, ...] = ()
    summary: str = ""
    sections: tuple[Section, ...] = ()
    decision_opening: str = ""
    proposals: tuple[Proposal, ...] = ()
    basis_documents: tuple[str, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    recipients: tuple[str, ...] = ()

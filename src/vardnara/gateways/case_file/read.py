"""Reads a case file; finds every fault, not only the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vardnara.engines.case import (
    Account,
    Amount,
    Case,
    Consultation,
    Examination,
    Home,
    LedgerOf,
    Measure,
    Move,
    PostsOf,
    Proposal,
    ScopeElement,
    Section,
    Signatory,
    Source,
    Step,
    StepKind,
    TaskMove,
    case_examine,
)
from vardnara.engines.economy import FlowKind, Funding, PostChange
from vardnara.gateways.case_file.figures import (
    HOURS_PER_POST,
    QUOTED,
    figure_read,
    hours_per_post,
    quote_read,
)
from vardnara.gateways.toml_files import Table, TomlFile, faults_in_order, toml_read
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

KINDS = ("memo", "director_decision", "protocol_paragraph", "proposal")
CONSULTATIONS = ("mbl_11", "mbl_14", "mbl_19", "cooperation")
KEYS = {
    "source": ("id", "title", "organisation", "dated_on", "registry_number"),
    "figure": ("id", "label", "unit", "value", "low", "high", "formula", "note", "query", "read_on", *QUOTED),
    "posts": (
        "figure", "label", "change", "change_on", "exists_from", "payer", "in_frame", "hours", "funding",
    ),
    "funding": ("party", "from_on", "to_on", "in_frame"),
    "amount": ("figure", "payer", "kind", "from_on", "to_on", "notice_months", "in_frame"),
    "reallocation": ("figure", "giver", "receiver", "from_on"),
    "ledger": ("provider", "buyer", "cost", "compensation"),
    "home": ("label", "figure", "receives"),
    "step": (
        "id", "kind", "organ", "text", "on", "paragraph", "is_decided", "valid_from", "valid_through", "review_by",
        "follows", *QUOTED,
    ),
    "account": ("fact", "says", *QUOTED),
    "scope": ("label", "responsible", "agreed_in", *QUOTED),
    "task": ("task", "giver", "receiver", "by", *QUOTED),
    "consultation": ("kind", "organ", "held_on", "closed_on", "outcome"),
    "measure": ("label", "status", "effect", "requires", *QUOTED),
    "section": ("heading", "paragraphs"),
    "proposal": ("text", "points"),
    "signatory": ("name", "title"),
}  # fmt: skip
TEXTS = ("title", "kind", "organisation", "organ", "registry_number", "paragraph", "summary", "decision_opening")
TOP = (
    *TEXTS, "dated_on", "meeting_on", "budget_year", "receiver_hourly", "basis_documents", "recipients",
    *(key for key in KEYS if key != "funding"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case, and the file that it stands in."""

    case: Case
    file: TomlFile

    def examined(self) -> Examination:
        """Reckon it; see :func:`vardnara.engines.case.case_examine`.

        Raises
        ------
        InputError
            With the line of each fault.
        """
        try:
            return case_examine(self.case)
        except InputError as error:
            raise InputError(faults_in_order([self.file.moved(fault) for fault in error.faults])) from error


def case_file_read(path: Path) -> CaseFile:
    """Read a file.

    Raises
    ------
    InputError
        Every fault with its line: unknown keys, figures without source, names of figures, documents or steps that are
        not there, dates that are none, amounts that are not whole öre.
    """
    return case_read(toml_read(path, exact=True))


def case_read(file: TomlFile) -> CaseFile:
    """Read what a file, or a page, said; see :func:`case_file_read`."""
    faults: list[Fault] = []
    case = _Reader(Table(file, (), faults, TOP)).case()
    if faults or case is None:
        raise InputError(faults_in_order(faults))
    return CaseFile(case, file)


class _Reader:
    """One file. Sources and figures are read first, since everything else names them."""

    def __init__(self, top: Table) -> None:
        self.top, self.faults = top, top.faults
        self.sources = self._rows("source", self._source)
        self.source_ids = self._once("source", [source.id for source in self.sources])
        self.figures = self._rows("figure", lambda table: figure_read(table, self.source_ids))
        self.figure_ids = self._once("figure", [figure.id for figure in self.figures])
        if "posts" in top and HOURS_PER_POST not in self.figure_ids:
            self.figures.append(hours_per_post())
            self.figure_ids |= {HOURS_PER_POST}

    def case(self) -> Case | None:
        top = self.top
        year = top.number("budget_year", low=1990, high=2199, whole=True) if "budget_year" in top else None
        texts = {key: top.text(key) for key in TEXTS if key not in ("title", "kind")}
        steps = self._rows("step", self._step)
        step_ids = self._once("step", [step.id for step in steps])
        for number, step in enumerate(steps):
            if step.follows and (step.follows not in step_ids or step.follows == step.id):
                place = ("step", number, "follows")
                self.faults.append(top.file.fault(place, f"no other step {step.follows!r}", "the id of a [[step]]"))
        receiver_hourly = self._figure_name(top, "receiver_hourly", required=False)
        return Case(
            title=top.text("title", required=True),
            kind=top.text("kind", KINDS[0], required=True, among=KINDS),
            **texts,
            dated_on=top.day("dated_on"),
            meeting_on=top.day("meeting_on"),
            budget_year=None if year is None else int(year),
            sources=tuple(self.sources),
            figures=tuple(self.figures),
            posts=tuple(self._rows("posts", self._posts)),
            amounts=tuple(self._rows("amount", self._amount)),
            moves=tuple(self._rows("reallocation", self._move)),
            ledger=self._ledger(),
            homes=tuple(self._rows("home", self._home)),
            receiver_hourly=receiver_hourly,
            steps=tuple(steps),
            accounts=tuple(self._rows("account", self._account)),
            scope=tuple(self._rows("scope", self._scope)),
            tasks=tuple(self._rows("task", self._task)),
            consultations=tuple(self._rows("consultation", self._consultation)),
            measures=tuple(self._rows("measure", self._measure)),
            sections=tuple(self._rows("section", self._section)),
            proposals=tuple(self._rows("proposal", self._proposal)),
            basis_documents=top.texts("basis_documents"),
            signatories=tuple(self._rows("signatory", self._signatory)),
            recipients=top.texts("recipients"),
        )

    # ------------------------------------------------------------------ rows

    def _rows[T](self, key: str, read: Callable[[Table], T | None]) -> list[T]:
        return [row for table in self.top.tables(key, KEYS[key]) if (row := read(table)) is not None]

    def _once(self, key: str, found: list[str]) -> set[str]:
        for number, one in enumerate(found):
            if one and one in found[:number]:
                self.faults.append(self.top.file.fault((key, number, "id"), f"{one!r} stands twice", "each id once"))
        return {one for one in found if one}

    def _source(self, table: Table) -> Source:
        return Source(
            id=table.text("id", required=True),
            title=table.text("title", required=True),
            organisation=table.text("organisation"),
            dated_on=table.day("dated_on"),
            registry_number=table.text("registry_number"),
        )

    def _figure_name(self, table: Table, key: str = "figure", *, required: bool = True) -> str:
        name = table.text(key, required=required)
        if name and name not in self.figure_ids:
            table.fault(key, f"no figure {name!r}", "the id of a [[figure]]")
        return name

    def _day(self, table: Table, key: str) -> date:
        if key not in table:
            table.fault(key, "missing", "a date such as 2026-03-01")
        return table.day(key) or date.min

    def _made[T](self, table: Table, key: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except ValueError as error:
            table.fault(key, str(error))
            return None

    def _posts(self, table: Table) -> PostsOf:
        fundings = [
            funding
            for one in table.tables("funding", KEYS["funding"])
            if (funding := self._funding(one, one.text("party", required=True))) is not None
        ]
        if "payer" in table:
            if fundings:
                table.fault("payer", "stands beside funding", "one of the two")
            always = Funding(table.text("payer"), date.min, in_frame=table.flag("in_frame", True))
            fundings.append(always)
        hours = self._figure_name(table, "hours", required=False) or HOURS_PER_POST
        return PostsOf(
            figure=self._figure_name(table),
            label=table.text("label", required=True),
            change=PostChange(table.text("change", "kept", required=True, among=tuple(PostChange))),
            change_on=self._day(table, "change_on"),
            hours=hours,
            exists_from=table.day("exists_from"),
            fundings=tuple(fundings),
        )

    def _funding(self, table: Table, party: str) -> Funding | None:
        from_on, to_on = self._day(table, "from_on"), table.day("to_on")
        in_frame = table.flag("in_frame", True)
        return self._made(table, "to_on", lambda: Funding(party, from_on, to_on, in_frame))

    def _amount(self, table: Table) -> Amount:
        to_on, from_on = table.day("to_on"), self._day(table, "from_on")
        if to_on is not None and to_on <= from_on:
            table.fault("to_on", str(to_on), f"a date after {from_on}")
        return Amount(
            figure=self._figure_name(table),
            payer=table.text("payer", required=True),
            kind=FlowKind(table.text("kind", "saving", required=True, among=tuple(FlowKind))),
            from_on=from_on,
            to_on=to_on,
            notice_months=int(table.number("notice_months", high=36, whole=True)),
            in_frame=table.flag("in_frame", True),
        )

    def _move(self, table: Table) -> Move:
        giver, receiver = table.text("giver", required=True), table.text("receiver", required=True)
        if giver == receiver:
            table.fault("receiver", f"{receiver!r} gives to itself", "another party")
        return Move(self._figure_name(table), giver, receiver, self._day(table, "from_on"))

    def _ledger(self) -> LedgerOf | None:
        if "ledger" not in self.top:
            return None
        table = Table(self.top.file, ("ledger",), self.faults, KEYS["ledger"])
        return LedgerOf(
            provider=table.text("provider", required=True),
            buyer=table.text("buyer", required=True),
            cost=self._figure_name(table, "cost"),
            compensation=self._figure_name(table, "compensation"),
        )

    def _home(self, table: Table) -> Home:
        if "receives" not in table:
            table.fault("receives", "missing", "true where somebody does the work, false where it is no longer there")
        return Home(table.text("label", required=True), self._figure_name(table), table.flag("receives", True))

    def _step(self, table: Table) -> Step:
        valid_from, valid_through = table.day("valid_from"), table.day("valid_through")
        if valid_from and valid_through and valid_through < valid_from:
            table.fault("valid_through", str(valid_through), f"{valid_from} or later")
        return Step(
            id=table.text("id", required=True),
            kind=StepKind(table.text("kind", "decision", required=True, among=tuple(StepKind))),
            organ=table.text("organ", required=True),
            text=table.text("text", required=True),
            on=table.day("on"),
            paragraph=table.text("paragraph"),
            is_decided=table.flag("is_decided", True),
            valid_from=valid_from,
            valid_through=valid_through,
            review_by=table.day("review_by"),
            follows=table.text("follows"),
            quote=quote_read(table, self.source_ids),
        )

    def _account(self, table: Table) -> Account | None:
        quote = quote_read(table, self.source_ids, required=True)
        fact, says = table.text("fact", required=True), table.text("says", required=True)
        return Account(fact, says, quote) if quote else None

    def _scope(self, table: Table) -> ScopeElement:
        label, quote = table.text("label", required=True), quote_read(table, self.source_ids)
        said = {}
        for key in ("responsible", "agreed_in"):  # empty is an answer here: nobody, nowhere
            said[key] = "" if table.values.get(key) == "" else table.text(key)
        return ScopeElement(label, said["responsible"], said["agreed_in"], quote)

    def _task(self, table: Table) -> TaskMove:
        task, by = table.text("task", required=True), table.text("by", required=True)
        giver, receiver = table.text("giver", required=True), table.text("receiver", required=True)
        return TaskMove(task, giver, receiver, by, quote_read(table, self.source_ids))

    def _consultation(self, table: Table) -> Consultation:
        held_on, closed_on = table.day("held_on"), table.day("closed_on")
        if closed_on is not None and held_on is not None and closed_on < held_on:
            table.fault("closed_on", str(closed_on), f"{held_on} or later")
        return Consultation(
            kind=table.text("kind", required=True, among=CONSULTATIONS),
            organ=table.text("organ", required=True),
            held_on=held_on,
            closed_on=closed_on,
            outcome=table.text("outcome"),
        )

    def _measure(self, table: Table) -> Measure:
        return Measure(
            label=table.text("label", required=True),
            status=table.text("status"),
            effect=self._figure_name(table, "effect", required=False),
            requires=table.text("requires"),
            quote=quote_read(table, self.source_ids),
        )

    def _section(self, table: Table) -> Section:
        return Section(table.text("heading", required=True), table.texts("paragraphs", required=True))

    def _proposal(self, table: Table) -> Proposal:
        return Proposal(table.text("text", required=True), table.texts("points"))

    def _signatory(self, table: Table) -> Signatory:
        return Signatory(table.text("name", required=True), table.text("title", required=True))

"""Figures that a case reads from the system's own registers: what can be asked for, and what it comes to now (own-1).

A query is a register's name with its arguments, ``staffing.posts?numbers=VNS-1,VNS-2&on=2026-03-01``. Whoever may read
the case may read what its figures come to: the question is kept in the case, and only a writer puts it there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.economy.queries.following import year_forecast
from vardnara.apps.economy.queries.indices import index_in_use
from vardnara.apps.economy.queries.ledger import ImportRow, imports_behind, unit_names
from vardnara.apps.hospital.queries.wards_now import wards_now
from vardnara.apps.service.queries.indicators import weekly_indicators
from vardnara.apps.service.queries.workload import hospital_work
from vardnara.apps.staffing.queries.posts import PostRow, posts_there, sums_of
from vardnara.engines.case import Figure
from vardnara.engines.followup import Method
from vardnara.engines.workload import workload_estimate
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.local_time import local_date

WEEKS_A_YEAR = Decimal("52.1775")  # 365.2425 days
HOUR = Decimal(60)
FILES_WHOLE = 3  # so many are told of whole, of more the latest, and the numbers of all
DIGEST = 12  # signs of a file's SHA-256: enough to know one file from another
Arguments = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a register said: the value, between which it lies where that is known, and what it rests on.

    ``files`` are the imports that were added up.
    """

    value: Decimal
    basis: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    files: tuple[ImportRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """An argument: ``kind`` is ``day``, ``year``, ``posts``, ``index`` or ``unit``."""

    name: str
    label: Any
    kind: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Register:
    """Something that can be read: its unit, its arguments, and the page that shows it whole."""

    key: str
    label: Any
    unit: str
    asks: tuple[Asked, ...]
    read: Callable[[int, Arguments, datetime], Reading]
    page: str


@dataclass(frozen=True, slots=True)
class Reread:
    """A figure from a register beside what the register says now; ``now`` is None where it no longer answers."""

    register: Register
    arguments: tuple[tuple[Any, str], ...]
    now: Reading | None
    page: str
    changed: bool


def query_text(key: str, arguments: Arguments) -> str:
    """The query of a register with its arguments; empty ones are left out."""
    given = sorted((name, value) for name, value in arguments.items() if value)
    return f"{key}?{urlencode(given, safe=',')}" if given else key


def query_parts(query: str) -> tuple[Register, dict[str, str]]:
    """The register and the arguments of a query; raises ``unknown_register``."""
    key, _, rest = query.partition("?")
    if key not in REGISTERS:
        raise RuleBroken("unknown_register", key)
    return REGISTERS[key], dict(parse_qsl(rest))


def register_read(*, hospital_id: int, query: str, at: datetime) -> Reading:
    """What a register says now. The caller has checked who may ask.

    Raises ``unknown_register``, ``register_argument`` where an argument is missing or cannot be read, and
    ``register_empty`` where there is nothing to read.
    """
    register, arguments = query_parts(query)
    for asked in register.asks:
        if asked.required and not arguments.get(asked.name):
            raise RuleBroken("register_argument", asked.name)
    return register.read(hospital_id, arguments, at)


def figure_reread(*, hospital_id: int, figure: Figure, at: datetime) -> Reread | None:
    """A figure's register now; None for a figure that is not from one, or from one that is no longer there."""
    if not figure.query:
        return None
    try:
        register, arguments = query_parts(figure.query)
    except RuleBroken:
        return None
    try:
        now = register_read(hospital_id=hospital_id, query=figure.query, at=at)
    except RuleBroken:
        now = None
    asked = tuple((one.label, arguments[one.name]) for one in register.asks if one.name in arguments)
    changed = now is None or now.value != figure.value
    return Reread(register, asked, now, reverse(register.page), changed)


# ---------------------------------------------------------------------------------------------------------- arguments


def _day(arguments: Arguments, name: str = "on") -> date:
    try:
        return date.fromisoformat(arguments[name])
    except (KeyError, ValueError):
        raise RuleBroken("register_argument", name) from None


def _year(arguments: Arguments, name: str = "year") -> int:
    text = arguments.get(name, "")
    if not (text.isdigit() and 1990 <= int(text) <= 2199):
        raise RuleBroken("register_argument", name)
    return int(text)


def _posts(hospital_id: int, arguments: Arguments) -> list[PostRow]:
    numbers = [one for one in arguments.get("numbers", "").split(",") if one]
    found = posts_there(hospital_id=hospital_id, day=_day(arguments), numbers=numbers or None)
    if not found or len(found) < len(set(numbers)):
        raise RuleBroken("register_empty", "posts")
    return found


# -------------------------------------------------------------------------------------------------------------- reading


def _n_posts(hospital_id: int, arguments: Arguments, at: datetime) -> Reading:
    sums = sums_of(_posts(hospital_id, arguments))
    return Reading(sums.posts, pgettext("register", "%(n)s posts in the register") % {"n": sums.n})


def _post_cost(hospital_id: int, arguments: Arguments, at: datetime) -> Reading:
    sums = sums_of(_posts(hospital_id, arguments))
    if not sums.n_costed:
        raise RuleBroken("register_empty", "no pay is known")
    words = {"n": sums.n_costed, "of": sums.n}
    return Reading(sums.cost_sek, pgettext("register", "pay and charges are known of %(n)s of %(of)s posts") % words)


def _file_said(one: ImportRow) -> str:
    words = {
        "file": one.file_name,
        "kind": one.kind_said,
        "year": one.year,
        "months": f"{one.first_month}–{one.last_month}",
        "day": local_date(one.made_at).isoformat(),
        "who": f" {one.made_by}," if one.made_by else "",
        "id": one.id,
        "digest": one.sha256[:DIGEST],
    }
    said = pgettext(
        "register",
        "%(file)s (%(kind)s %(year)s, months %(months)s; read in %(day)s,%(who)s import %(id)s, SHA-256 %(digest)s)",
    )
    return said % words


def resting_on(basis: str, files: Sequence[ImportRow]) -> str:
    """What a figure rests on, with the imports that it can be followed to: file, when, by whom, digest."""
    if len(files) <= FILES_WHOLE:
        return "; ".join([basis, *(_file_said(one) for one in files)])
    numbers = ", ".join(str(one.id) for one in sorted(files, key=lambda one: one.id))
    latest = _file_said(max(files, key=lambda one: (one.made_at, one.id)))
    said = pgettext("register", "imports %(numbers)s, the latest %(latest)s")
    return f"{basis}; {said % {'numbers': numbers, 'latest': latest}}"


def _forecast(hospital_id: int, arguments: Arguments, at: datetime) -> Reading:
    """The full year by the seasonal method where last year is known, else by the budget's rest; the others' span."""
    year, unit = _year(arguments), arguments.get("unit", "")
    units = {key for key, names in unit_names(hospital_id=hospital_id).items() if not unit or names[0] == unit}
    sums: dict[Method, Decimal] = {}
    through, last_known = 0, False
    for method in Method:
        found = year_forecast(actor=None, hospital_id=hospital_id, year=year, method=method)
        through, last_known = found.through_month, found.last_year_known
        if method is Method.SEASONAL and not found.last_year_known:
            continue
        lines = [line for line in found.found.lines if line.key[0] in units]
        if lines and through:
            sums[method] = sum((line.actual + line.rest + line.adjusted for line in lines), Decimal(0))
    if not sums:
        raise RuleBroken("register_empty", f"ledger {year}")
    chosen = sums.get(Method.SEASONAL, sums.get(Method.BUDGET_REST, next(iter(sums.values()))))
    files = imports_behind(hospital_id=hospital_id, year=year, through_month=through)
    files += imports_behind(hospital_id=hospital_id, year=year, kind="budget")
    files += imports_behind(hospital_id=hospital_id, year=year - 1) if last_known else []
    basis = pgettext("register", "booked through month %(n)s; the interval is what the methods of forecast differ by")
    said = resting_on(basis % {"n": through}, files)
    return Reading(chosen, said, min(sums.values()), max(sums.values()), tuple(files))


def _booked(hospital_id: int, arguments: Arguments, at: datetime) -> Reading:
    year, unit = _year(arguments), arguments.get("unit", "")
    found = year_forecast(actor=None, hospital_id=hospital_id, year=year, method=Method.RUN_RATE)
    lines = [line for line in found.found.lines if not unit or found.units[line.key[0]][0] == unit]
    if not lines or not found.through_month:
        raise RuleBroken("register_empty", f"ledger {year}")
    booked = sum((line.actual for line in lines), Decimal(0))
    files = imports_behind(hospital_id=hospital_id, year=year, through_month=found.through_month)
    basis = pgettext("register", "booked through month %(n)s") % {"n": found.through_month}
    return Reading(booked, resting_on(basis, files), files=tuple(files))


def _work_hours(hospital_id: int, arguments: Arguments, at: datetime) -> Reading:
    """Hours of a year by catalogue, agreements and beds, with the interval of the norms."""
    wards = [ward.ward_id for ward in wards_now(hospital_id=hospital_id)]
    work = hospital_work(ward_ids=wards, on=_day(arguments))
    if work is None:
        raise RuleBroken("register_empty", "catalogue")
    minutes = workload_estimate(work.case.order).minutes
    if not minutes.typical:
        raise RuleBroken("register_empty", "wards")
    low, value, high = (
        (Decimal(str(one)) * WEEKS_A_YEAR / HOUR).quantize(Decimal(1))
        for one in (minutes.low, minutes.typical, minutes.high)
    )
    return Reading(value, pgettext("register", "an average week by catalogue, agreements and beds"), low, high)


def _indicator(name: str, factor: Decimal) -> Callable[[int, Arguments, datetime], Reading]:
    def read(hospital_id: int, arguments: Arguments, at: datetime) -> Reading:
        now = weekly_indicators(hospital_id=hospital_id, at=at)
        value = (now[name] * factor).quantize(Decimal("0.1"))
        return Reading(value, pgettext("register", "the last 28 days, as a year"))

    return read


def _index(hospital_id: int, arguments: Arguments, at: datetime) -> Reading:
    """What a krona of one year is in another's."""
    years = {name: _year(arguments, name) for name in ("from_year", "to_year")}
    try:
        series = index_in_use(hospital_id=hospital_id, name=arguments["index"])
        factor = series.at(years["to_year"]) / series.at(years["from_year"])
    except (RuleBroken, InputError) as error:
        raise RuleBroken("register_empty", "index") from error
    basis = pgettext("register", "%(index)s as published on %(day)s, %(source)s")
    words = {"index": series.name, "day": series.published_on, "source": series.source}
    value = (Decimal(factor.numerator) / Decimal(factor.denominator)).quantize(Decimal("0.0001"))
    return Reading(value, basis % words)


def _care_places(hospital_id: int, arguments: Arguments, at: datetime) -> Reading:
    wards = wards_now(hospital_id=hospital_id)
    if not wards:
        raise RuleBroken("register_empty", "wards")
    basis = pgettext("register", "%(n)s wards; staffed beds where they are known, else the places there are")
    return Reading(Decimal(sum(ward.n_beds for ward in wards)), basis % {"n": len(wards)})


ON = Asked("on", pgettext_lazy("register", "On the day"), "day")
YEAR = Asked("year", pgettext_lazy("register", "Year"), "year")
UNIT = Asked("unit", pgettext_lazy("register", "Unit, if only one"), "unit", required=False)
POSTS = Asked("numbers", pgettext_lazy("register", "Posts by number, if not all"), "posts", required=False)
REGISTERS = {
    one.key: one
    for one in (
        Register(
            "staffing.posts",
            pgettext_lazy("register", "Posts of full time"),
            "posts",
            (ON, POSTS),
            _n_posts,
            "staffing:posts",
        ),
        Register(
            "staffing.cost",
            pgettext_lazy("register", "What the posts cost a year"),
            "sek_per_year",
            (ON, POSTS),
            _post_cost,
            "staffing:posts",
        ),
        Register(
            "economy.forecast",
            pgettext_lazy("register", "Forecast of the full year"),
            "sek",
            (YEAR, UNIT),
            _forecast,
            "economy:year",
        ),
        Register(
            "economy.booked",
            pgettext_lazy("register", "Booked so far"),
            "sek",
            (YEAR, UNIT),
            _booked,
            "economy:year",
        ),
        Register(
            "economy.index",
            pgettext_lazy("register", "What a krona of one year is in another's, by an index"),
            "count",
            (
                Asked("index", pgettext_lazy("index", "Index"), "index"),
                Asked("from_year", pgettext_lazy("index", "Price year"), "year"),
                Asked("to_year", pgettext_lazy("index", "In the kronor of"), "year"),
            ),
            _index,
            "economy:indices",
        ),
        Register(
            "service.work",
            pgettext_lazy("register", "Hours of work a year by norms and agreements"),
            "hours_per_year",
            (ON,),
            _work_hours,
            "service:workload",
        ),
        Register(
            "service.spillover",
            pgettext_lazy("register", "Hours of service work that care does itself, a year"),
            "hours_per_year",
            (),
            _indicator("spillover_minutes", WEEKS_A_YEAR / HOUR),
            "service:workload",
        ),
        Register(
            "service.not_done",
            pgettext_lazy("register", "Tasks closed as not done, a year"),
            "count",
            (),
            _indicator("not_done", WEEKS_A_YEAR),
            "service:workload",
        ),
        Register(
            "hospital.beds",
            pgettext_lazy("register", "Staffed care places"),
            "beds",
            (),
            _care_places,
            "hospital:places",
        ),
    )
}

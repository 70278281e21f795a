"""What is warned of, as sentences in Swedish and in English: the same in documents, on pages and in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from vardnara.engines.case.result import Concern
from vardnara.kernel.swedish import date_swedish, list_swedish, number_swedish, sek_swedish

Facts = Mapping[str, object]
MISSING: Final = {
    "sv": {"responsible": "ingen är utsedd", "agreed_in": "ingen överenskommelse finns"},
    "en": {"responsible": "nobody is responsible", "agreed_in": "no agreement says so"},
}


def concern_text(concern: Concern, language: str = "sv") -> str:
    """One or two sentences.

    Parameters
    ----------
    concern
        What was found.
    language
        ``sv``, else English.
    """
    speak = _Swedish() if language == "sv" else _English()
    sentence: Callable[[Facts], str] = getattr(speak, concern.code.lower())
    return sentence(concern.facts)


def _sek(amount: object) -> str:
    assert isinstance(amount, Decimal)
    return f"SEK {amount:,.2f}".removesuffix(".00")


def _n(number: object) -> str:
    assert isinstance(number, Decimal)
    return f"{number.normalize():,f}"


def _day(day: object) -> date:
    assert isinstance(day, date)
    return day


def _last(day: object) -> date:
    """The last day before the first one without."""
    return _day(day) - timedelta(days=1)


def _texts(items: object) -> list[str]:
    assert isinstance(items, tuple)
    return [str(item) for item in items]


def _accounts(facts: Facts) -> list[tuple[str, str]]:
    told = facts["accounts"]
    assert isinstance(told, tuple)
    return [(str(says), str(source)) for says, source in told]


class _Swedish:
    """A sentence for each code."""

    def post_outside_frame(self, facts: Facts) -> str:
        n, of, groups = _dec(facts["n"]), _dec(facts["of"]), list_swedish(_texts(facts["groups"]))
        return (
            f"{number_swedish(n)} av {_posts_sv(of)} finns inte i någon ram ({groups}). Kostnaden sjunker, "
            "men ingen budget frigörs: de är inte en besparing i ramen."
        )

    def saving_reinvested(self, facts: Facts) -> str:
        amount, gross, net = (sek_swedish(_dec(facts[name])) for name in ("amount", "gross", "net"))
        return f"{amount} av besparingen hos {facts['payer']} används igen. Av {gross} på helår återstår {net}."

    def scope_hole(self, facts: Facts) -> str:
        missing = list_swedish([MISSING["sv"][name] for name in _texts(facts["missing"])])
        return f"{facts['element']}: {missing}."

    def compensation_below_cost(self, facts: Facts) -> str:
        cost, paid, deviation = (sek_swedish(_dec(facts[name])) for name in ("cost", "compensation", "deviation"))
        return (
            f"Ersättningen från {facts['buyer']} är {paid}, kostnaden hos {facts['provider']} {cost}. "
            f"Avvikelsen är {deviation}."
        )

    def decision_expires(self, facts: Facts) -> str:
        day = date_swedish(_day(facts["through"]))
        what = "Beslutet" if facts["is_decided"] else "Förslaget"
        then = (
            f"Därefter är föreslaget men inte beslutat: {facts['proposed']}."
            if facts["proposed"]
            else "Inget är beslutat om tiden därefter."
        )
        return f"{what} ”{facts['text']}” gäller till och med {day}. {then}"

    def funding_ends(self, facts: Facts) -> str:
        day, n = date_swedish(_last(facts["to"])), _posts_sv(_dec(facts["n"]))
        return (
            f"{facts['party']} betalar {n} ({facts['group']}) till och med {day}. Tjänsterna finns kvar, "
            "men ingen tar över kostnaden."
        )

    def unfunded_period(self, facts: Facts) -> str:
        n, start = _posts_sv(_dec(facts["n"])), date_swedish(_day(facts["from"]))
        end = f"till och med {date_swedish(_last(facts['to']))}" if facts["to"] else "och framåt"
        return f"Ingen finansierar {n} ({facts['group']}) från {start} {end}."

    def contradicting_sources(self, facts: Facts) -> str:
        told = list_swedish([f"{says} ({source})" for says, source in _accounts(facts)])
        return f"Källorna säger olika. {facts['fact']}: {told}."

    def hours_without_home(self, facts: Facts) -> str:
        left, received, released, homeless = (
            number_swedish(_dec(facts[name])) for name in ("leaving", "received", "released", "without_home")
        )
        return (
            f"{left} timmar om året försvinner med tjänsterna. {received} tas emot och {released} frigörs av annat: "
            f"{homeless} timmar har ingen mottagare."
        )

    def task_moves_both_ways(self, facts: Facts) -> str:
        return (
            f"{facts['task']} går åt båda hållen: till {facts['to']} genom {facts['by']}, "
            f"till {facts['back']} genom {facts['other']}."
        )

    def figure_disagrees(self, facts: Facts) -> str:
        value, reckoned = number_swedish(_dec(facts["value"])), number_swedish(_dec(facts["reckoned"]))
        return f"{facts['label']}: dokumentet säger {value}, men {facts['formula']} blir {reckoned}."


class _English:
    """The same."""

    def post_outside_frame(self, facts: Facts) -> str:
        groups = ", ".join(_texts(facts["groups"]))
        return (
            f"{_n(facts['n'])} of {_n(facts['of'])} posts are in nobody's frame ({groups}). Cost falls, but no budget "
            "is freed: they are no saving in the frame."
        )

    def saving_reinvested(self, facts: Facts) -> str:
        return (
            f"{_sek(facts['amount'])} of the saving of {facts['payer']} is used again. Of {_sek(facts['gross'])} in a "
            f"full year {_sek(facts['net'])} are left."
        )

    def scope_hole(self, facts: Facts) -> str:
        missing = " and ".join(MISSING["en"][name] for name in _texts(facts["missing"]))
        return f"{facts['element']}: {missing}."

    def compensation_below_cost(self, facts: Facts) -> str:
        return (
            f"{facts['buyer']} pays {_sek(facts['compensation'])}, {facts['provider']} has a cost of "
            f"{_sek(facts['cost'])}. The deviation is {_sek(facts['deviation'])}."
        )

    def decision_expires(self, facts: Facts) -> str:
        what = "decision" if facts["is_decided"] else "proposal"
        then = (
            f"Proposed for the time after, but not decided: {facts['proposed']}."
            if facts["proposed"]
            else "Nothing is decided about the time after."
        )
        return f"The {what} “{facts['text']}” holds through {_day(facts['through']):%-d %B %Y}. {then}"

    def funding_ends(self, facts: Facts) -> str:
        return (
            f"{facts['party']} pays for {_n(facts['n'])} posts ({facts['group']}) through "
            f"{_last(facts['to']):%-d %B %Y}. The posts stay, and nobody takes over then."
        )

    def unfunded_period(self, facts: Facts) -> str:
        end = f"through {_last(facts['to']):%-d %B %Y}" if facts["to"] else "on"
        return f"Nobody funds {_n(facts['n'])} posts ({facts['group']}) from {_day(facts['from']):%-d %B %Y} {end}."

    def contradicting_sources(self, facts: Facts) -> str:
        told = ", ".join(f"{says} ({source})" for says, source in _accounts(facts))
        return f"The sources differ. {facts['fact']}: {told}."

    def hours_without_home(self, facts: Facts) -> str:
        return (
            f"{_n(facts['leaving'])} hours a year leave. {_n(facts['received'])} are received and "
            f"{_n(facts['released'])} released by something else: {_n(facts['without_home'])} hours have no home."
        )

    def task_moves_both_ways(self, facts: Facts) -> str:
        return (
            f"{facts['task']} moves both ways: to {facts['to']} by {facts['by']}, to {facts['back']} by "
            f"{facts['other']}."
        )

    def figure_disagrees(self, facts: Facts) -> str:
        return (
            f"{facts['label']}: the document says {_n(facts['value'])}, but {facts['formula']} is "
            f"{_n(facts['reckoned'])}."
        )


def _dec(value: object) -> Decimal:
    assert isinstance(value, Decimal)
    return value


def _posts_sv(n: Decimal) -> str:
    return f"{number_swedish(n)} {'tjänst' if n == 1 else 'tjänster'}"

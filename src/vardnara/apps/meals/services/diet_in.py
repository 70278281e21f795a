"""Diets as other systems send them: heard in any order, kept as they were said, made into parts of a diet.

Nothing is written into a diet that was not said by its source, and what nobody has mapped makes the diet not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from vardnara.apps.hospital.events import DietSent
from vardnara.apps.hospital.queries.stays import StayFacts, stays_by_id
from vardnara.apps.hospital.services.diet_news import (
    PARKING_REASONS,
    WAITING_REASONS,
    diet_messages_unpark,
    stays_named,
    stays_present,
)
from vardnara.apps.meals.bridge.sent import NOT_MAPPED, register_into, register_of
from vardnara.apps.meals.choices import DietPart, DietSource
from vardnara.apps.meals.models import SentDiet, SentWord
from vardnara.apps.meals.queries.diet_meanings import Meanings, meanings_now
from vardnara.apps.meals.services.diet import FOLLOWS_PERSON, Words, sent_replace
from vardnara.apps.meals.services.tray_requests import tray_ask
from vardnara.engines.diet.sent import News, Register, Word, register_hear, registers_hold
from vardnara.gateways.fhir.reader import REFERENCE
from vardnara.gateways.hl7.diet import CONTROLS, ENDS, HOLDS, RELEASES, DietOrder

LIST, FIELD = "list", "field"


def diets_hear(*, events: Iterable[DietSent], at: datetime) -> dict[int, str]:
    """Take in what messages say of diets; for those with orders, why they were not used, by message."""
    reasons: dict[int, str] = {}
    touched: set[int] = set()
    freed: set[int] = set()
    for event in events:
        if event.patient_id is not None:
            touched.add(event.patient_id)
        heard = _hear_allergies(event, freed)
        if event.diet_words is not None and event.stay_id is not None:
            news = News(FIELD, "field", event.recorded_at, event.diet_words, "active")
            _hear(event, DietSource.ADMISSION, news, about=event.visit_ref or event.patient_ref, stay_id=event.stay_id)
        if event.orders:
            reasons[event.message_id] = _worst([_hear_order(event, order, freed, at=at) for order in event.orders])
        elif event.fhir and heard:
            reasons[event.message_id] = _worst(heard)
        _words_note(event, at=at)
    if freed:
        diet_messages_unpark(message_ids=freed, at=at)
    diets_derive(patient_ids=touched, at=at)
    return {pk: "" if pk in freed else reason for pk, reason in reasons.items()}


def diets_follow(*, stay_ids: Collection[int], at: datetime) -> None:
    """Stays have begun or changed: what was said of them before they were known is theirs now."""
    stays = stays_named(stay_ids)
    abouts = {ref: stay for stay in stays for ref in stay.patient_refs} | {stay.visit_ref: stay for stay in stays}
    by_patient = stays_present({stay.patient_id for stay in stays})
    unparked: set[int] = set()
    for row in SentDiet.objects.select_for_update().filter(about__in=abouts, stay__isnull=True, kind="order"):
        stay = abouts[row.about]
        if row.about != stay.visit_ref and len(by_patient[stay.patient_id]) != 1:
            continue
        row.stay_id, row.patient_id = stay.stay_id, stay.patient_id
        if row.said_at is not None:
            unparked |= set(row.waiting)
            row.waiting = []
        row.save(update_fields=["stay", "patient", "waiting"])
    loose = SentDiet.objects.select_for_update().filter(about__in=abouts, patient__isnull=True, kind="item")
    for row in loose:
        row.patient_id = abouts[row.about].patient_id
        unparked |= set(row.waiting)
        row.waiting = []
        row.save(update_fields=["patient", "waiting"])
    if unparked:
        diet_messages_unpark(message_ids=unparked, at=at)
    diets_derive(patient_ids=by_patient, at=at)


def sent_diets_merge(*, gone_id: int, surviving_id: int, at: datetime) -> None:
    """Two records were one person: both allergy lists hold until the next list comes."""
    SentDiet.objects.filter(patient=gone_id).update(patient_id=surviving_id)
    lists: dict[tuple[str, str], list[SentDiet]] = defaultdict(list)
    for row in SentDiet.objects.filter(patient=surviving_id, kind="list", said_at__isnull=False).order_by("said_at"):
        lists[row.source, row.source_name].append(row)
    for rows in lists.values():
        *older, newest = rows
        known = {Word.of_json(one) for one in newest.words}
        missing = {Word.of_json(one) for row in older for one in row.words} - known
        if missing:
            newest.words = [*newest.words, *(word.to_json() for word in sorted(missing, key=lambda word: word.label))]
            newest.save(update_fields=["words"])
    diets_derive(patient_ids=[surviving_id], at=at)


def diets_derive(*, patient_ids: Iterable[int], at: datetime) -> int:
    """Make the diets of these patients what their sources say, by the meanings that hold; how many stays changed."""
    rows: dict[int, list[SentDiet]] = defaultdict(list)
    for row in SentDiet.objects.filter(patient__in=set(patient_ids)).order_by("pk"):
        assert row.patient_id is not None
        rows[row.patient_id].append(row)
    if not rows:
        return 0
    meanings = meanings_now()
    present = stays_present(rows)
    facts = stays_by_id(stay_id for stays in present.values() for stay_id in stays)
    changed = 0
    for patient_id, stays in present.items():
        of_patient = [(row, register_of(row)) for row in rows[patient_id]]
        for stay_id in stays:
            changed += _derive(facts[stay_id], of_patient, set(stays), meanings, at=at)
    return changed


def _derive(
    stay: StayFacts, rows: list[tuple[SentDiet, Register]], present: set[int], meanings: Meanings, *, at: datetime
) -> bool:
    """One stay: each source's rows become what it says of this stay, and of the person through other stays."""
    sources = sorted({(row.source, row.source_name) for row, _ in rows})
    changed = False
    for source, name in sources:
        of_source = [(row, register) for row, register in rows if (row.source, row.source_name) == (source, name)]
        wanted: dict[Words, None] = {}
        for stay_id in sorted(present, key=lambda one: one != stay.id):
            said = [register for row, register in of_source if row.stay_id in (None, stay_id)]
            for words in _words(said, name, meanings, at=at):
                if stay_id == stay.id or words.part in FOLLOWS_PERSON:
                    wanted[words] = None
        latest = max(of_source, key=lambda one: (one[0].said_at or at, one[0].pk))[0]
        changed |= sent_replace(
            stay=stay,
            source=DietSource(source),
            source_name=name,
            words=list(wanted),
            message_id=latest.message_id,
            at=at,
            effect_at=min(at, latest.said_at or at),
            parts=DietPart.values,
        )
    return changed


def _words(registers: list[Register], name: str, meanings: Meanings, *, at: datetime) -> list[Words]:
    """The parts of a diet that registers mean, without those that are over."""

    def stands_alone(register: Register) -> bool:
        targets = [meanings.of_word(name, word) for word in register.words]
        return all(one and all(part == DietPart.FASTING for part, _ in one) for one in targets)

    found: dict[Words, None] = {}
    known = {register.key for register in registers}
    for register, word in registers_hold(registers, stands_alone=stands_alone):
        if any(one.system == REFERENCE and f"allergy {one.code}" in known for one in word.codings):
            continue  # the allergy that an order points to has come by itself
        if register.ends_at is not None and register.ends_at <= at:
            continue
        notes = [word.note, register.group.replace(",", ", "), register.key if register.kind == "order" else ""]
        reason = " · ".join(part for part in notes if part)
        targets = meanings.of_word(name, word)
        pairs = sorted(targets) if targets is not None else [(NOT_MAPPED[word.use].value, "")]
        for part, code in pairs:
            one = Words(
                part,
                code,
                text=word.label,
                valid_from=register.starts_at,
                valid_until=register.ends_at,
                reason=reason[:300],
            )
            found[one] = None
    return list(found)


def _hear_allergies(event: DietSent, freed: set[int]) -> list[str]:
    """Lists and single allergies: they follow the person. Why each changed nothing, or an empty text."""
    said = event.allergies
    if said is None or (event.patient_id is None and not event.fhir):
        return []
    reasons = []
    if said.rows is not None:
        news = News(LIST, "list", event.recorded_at, said.rows, "active")
        reasons.append(_hear(event, DietSource.ALLERGY_LIST, news, about=event.patient_ref, n_other=said.n_other))
    source = DietSource.FHIR if event.fhir else DietSource.ALLERGY_LIST
    for change in said.changes:
        state = "ended" if change.ends else "active"
        news = News(f"allergy {change.key}"[:300], "item", event.recorded_at, (change.word,), state)
        reasons.append(_hear(event, source, news, about=event.patient_ref, freed=freed if event.fhir else None))
    return reasons


def _hear_order(event: DietSent, order: DietOrder, freed: set[int], *, at: datetime) -> str:
    """One order; why it was not used, or an empty text."""
    if order.control not in CONTROLS:
        return "no_effect"
    if order.starts_at is not None and order.ends_at is not None and order.ends_at <= order.starts_at:
        return "ends_before_it_begins"
    trays = order.trays if order.control not in ENDS | HOLDS else ()
    for tray in trays:
        if event.stay_id is not None:
            tray_ask(stay_id=event.stay_id, tray=tray, at=at)
    state = None
    if order.control in HOLDS:
        state = "held"
    elif order.control in ENDS:
        state = "ended"
    elif order.control in RELEASES or order.control == "NW":
        state = "active"
    content = state is None or order.control == "NW"
    if content and not order.words:
        return "" if trays else "no_effect"
    news = News(
        order.number[:300],
        "order",
        event.recorded_at,
        order.words if content else None,
        state,  # type: ignore[arg-type]
        replaces=order.control == "NW" and "D" in order.types,
        group=",".join(order.periods)[:200],
        starts_at=order.starts_at,
        ends_at=order.ends_at,
    )
    about = event.visit_ref or event.patient_ref
    source = DietSource.FHIR if event.fhir else DietSource.ORDER
    return _hear(event, source, news, about=about, stay_id=event.stay_id, freed=freed)


def _hear(
    event: DietSent,
    source: DietSource,
    news: News,
    *,
    about: str,
    stay_id: int | None = None,
    n_other: int = 0,
    freed: set[int] | None = None,
) -> str:
    """Put one piece of news into its register; why it changes nothing, or an empty text. ``freed`` takes the messages
    that waited for it.
    """
    rows = SentDiet.objects.select_for_update().filter(source=source, source_name=event.source_name, key=news.key)
    row = rows.filter(about=about[:300]).first()
    if row is None and stay_id is not None:
        row = rows.filter(stay=stay_id).first()
    if row is None and stay_id is None and event.patient_id is not None and news.kind != "order":
        row = rows.filter(patient=event.patient_id).order_by("-said_at").first()
    if row is None:
        row = SentDiet(about=about[:300], source=source, source_name=event.source_name, key=news.key, kind=news.kind)
    before = register_of(row)
    after = register_hear(before, news)
    register_into(row, after)
    row.patient_id = event.patient_id if event.patient_id is not None else row.patient_id
    row.stay_id = stay_id if stay_id is not None else row.stay_id
    unknown = after.said_at is None
    waits = (news.kind == "order" and (unknown or row.stay_id is None)) or row.patient_id is None
    if freed is not None and not waits:
        freed.update(row.waiting)
    row.waiting = sorted({*row.waiting, event.message_id}) if waits else []
    if after != before and news.words is not None:
        row.message_id, row.n_other = event.message_id, n_other
    row.save()
    if unknown:
        return "unknown_order"
    return "older_than_known" if after == before else ""


def _worst(reasons: list[str]) -> str:
    """Of several orders in a message: what makes a person look, else that one was used, else why none was."""
    parking = [reason for reason in reasons if reason in PARKING_REASONS and reason not in WAITING_REASONS]
    return parking[0] if parking else "" if "" in reasons else reasons[0]


def _words_note(event: DietSent, *, at: datetime) -> None:
    """List the words that came, so that somebody can say what they mean."""
    said = event.allergies
    words = [
        *(event.diet_words or ()),
        *(word for order in event.orders for word in order.words),
        *((said.rows or ()) if said is not None else ()),
        *((change.word for change in said.changes) if said is not None else ()),
    ]
    words_note(event.source_name, words, at=at)


def words_note(source_name: str, words: Iterable[Word], *, at: datetime) -> None:
    """List words that came from a system; those that are listed already stay as they are."""
    rows = [
        SentWord(
            source_name=source_name,
            use=word.use,
            key="|".join(word.codings[0].key)[:400],
            codings=word.to_json()["codings"],
            first_at=at,
        )
        for word in words
        if word.codings
    ]
    SentWord.objects.bulk_create(rows, ignore_conflicts=True)

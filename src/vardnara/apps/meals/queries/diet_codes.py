"""The words that other systems have sent about diets: what they mean, and which nobody has mapped."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.accounts.choices import Profession, Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.choices import StayStatus
from vardnara.apps.meals.models import CodeMeaning, SentDiet, SentWord
from vardnara.apps.meals.queries.diet_meanings import Meanings
from vardnara.engines.diet.sent import Coding, Word
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.diet_words import DietWord, diet_word_propose

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

READERS = (Role.INTEGRATOR, Role.WARD_STAFF, Role.KITCHEN)
MAPPING_PROFESSIONS = {
    Role.WARD_STAFF: (Profession.PHYSICIAN, Profession.DIETITIAN),
    Role.KITCHEN: (Profession.DIETITIAN, Profession.DIET_COOK),
}


def may_map(actor: User) -> bool:
    """Whether somebody may say what a code means."""
    return actor.profession in MAPPING_PROFESSIONS.get(Role(actor.role), ())


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word that came. ``text`` is empty for free text that the reader has no need of; ``n_patients`` have it now."""

    id: int
    source_name: str
    use: str
    system: str
    code: str
    text: str
    first_at: datetime
    n_patients: int
    free_text: bool


@dataclass(frozen=True, slots=True)
class MeaningLine:
    """What a code means, since when and by whom."""

    id: int
    source_name: str
    use: str
    system: str
    code: str
    targets: tuple[tuple[str, str], ...]
    made_at: datetime
    who: str
    profession: str
    n_changed: int
    free_text: bool


@dataclass(frozen=True, slots=True)
class CodesPage:
    """Words without meaning, those that patients have now first; meanings that hold; how many were not about food."""

    unmapped: list[WordLine]
    meanings: list[MeaningLine]
    n_other: int


def codes_page(*, actor: User) -> CodesPage:
    """Every word without meaning, and every meaning that holds."""
    role_require(actor, READERS)
    shows = may_map(actor)
    rows = list(CodeMeaning.objects.filter(ended_at__isnull=True).select_related("made_by").order_by("use", "code"))
    meanings = Meanings.of_rows(rows)
    carried = _carried()
    unmapped = []
    for row in SentWord.objects.order_by("first_at", "pk"):
        word = _word(row)
        if meanings.of_word(row.source_name, word) is None:
            unmapped.append(_line(row, word, len(carried[row.source_name, row.use, word.codings[0].key]), shows=shows))
    coded = {  # as systems write it
        (word.use, one.key[1]): one for word in map(_word, SentWord.objects.all()) for one in word.codings if one.code
    }
    return CodesPage(
        unmapped=sorted(unmapped, key=lambda line: -line.n_patients),
        meanings=[
            MeaningLine(
                id=row.pk,
                source_name=row.source_name,
                use=row.use,
                system=coded[row.use, row.code].system if row.system and (row.use, row.code) in coded else row.system,
                code=coded[row.use, row.code].code if (row.use, row.code) in coded else row.code if shows else "",
                targets=tuple((part, code) for part, code in row.targets),
                made_at=row.made_at,
                who=row.made_by.get_full_name() or row.made_by.username,
                profession=row.made_profession,
                n_changed=row.n_changed,
                free_text=(row.use, row.code) not in coded,
            )
            for row in rows
        ],
        n_other=sum(SentDiet.objects.filter(n_other__gt=0).values_list("n_other", flat=True)),
    )


@dataclass(frozen=True, slots=True)
class WordPage:
    """One word with what may be meant by it."""

    line: WordLine
    codings: tuple[Coding, ...]
    proposal: DietWord | None
    held: MeaningLine | None


def word_page(*, actor: User, word_id: int) -> WordPage:
    """One word, for whoever may map it; raises ``not_code_mapper``, ``unknown_word``."""
    role_require(actor, READERS)
    if not may_map(actor):
        raise RuleBroken("not_code_mapper", actor.username)
    row = SentWord.objects.filter(pk=word_id).first()
    if row is None:
        raise RuleBroken("unknown_word", str(word_id))
    word = _word(row)
    texts = frozenset(part.casefold() for one in word.codings for part in (one.code, one.text) if part)
    return WordPage(
        line=_line(row, word, len(_carried()[row.source_name, row.use, word.codings[0].key]), shows=True),
        codings=word.codings,
        proposal=diet_word_propose(row.use, texts),
        held=None,
    )


def _word(row: SentWord) -> Word:
    return Word.of_json({"use": row.use, "codings": row.codings, "note": ""})


def _line(row: SentWord, word: Word, n_patients: int, *, shows: bool) -> WordLine:
    first = word.codings[0]
    free_text = not first.code
    return WordLine(
        id=row.pk,
        source_name=row.source_name,
        use=row.use,
        system=first.system,
        code=first.code,
        text="" if first.text == first.code or (free_text and not shows) else first.text,
        first_at=row.first_at,
        n_patients=n_patients,
        free_text=free_text,
    )


def _carried() -> dict[tuple[str, str, tuple[str, str]], set[int]]:
    """Which patients who are here have a word, by sender, use and key."""
    found: dict[tuple[str, str, tuple[str, str]], set[int]] = defaultdict(set)
    rows = SentDiet.objects.filter(patient__stays__status__in=[StayStatus.OPEN, StayStatus.EXPECTED], state="active")
    for name, patient_id, words in rows.values_list("source_name", "patient_id", "words"):
        for word in map(Word.of_json, words):
            if word.codings:
                found[name, word.use, word.codings[0].key].add(patient_id)
    return found

"""Invented people on the invented hospital's posts: those who sign in, and some more, with what planners see to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user, worker_list
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.choices import Competence, Measure
from vardnara.apps.staffing.models import Person, Post
from vardnara.apps.staffing.services.people import contracts_set, person_add, trainings_set
from vardnara.apps.staffing.services.people_words import ContractWords, PersonWords, TrainingWords
from vardnara.kernel.local_time import local_date

MORE = ("Amina Warsame", "Björn Falk", "Carina Lund", "Dragan Ilić", "Eva-Lena Norén", "Farid Haidari", "Gun Persson")
POOL = "Resurspool kväll och helg (påhittad)"
SHARES = (Decimal(1), Decimal(1), Decimal("0.75"), Decimal(1), Decimal("0.8"))
TRAINED_FOR_DAYS = 3 * 365


@transaction.atomic
def demo_people_load(*, hospital_id: int, at: datetime) -> bool:
    """Give the invented hospital's posts people; once, else False. A training ends soon, and one has ended."""
    actor = demo_user(hospital_id=hospital_id, role=Role.SERVICE_HEAD)
    if actor is None or Person.objects.filter(hospital=hospital_id).exists():
        return False
    today = local_date(at)
    since = date(today.year - 1, 1, 1)
    wards = [ward.id for division in organisation(hospital_id=hospital_id)[:2] for ward in division.wards[:5]]
    if not wards:
        return False
    posts = list(Post.objects.filter(hospital=hospital_id, ward__isnull=False, from_on__lte=since).order_by("number"))
    users = [(one.name, one.id) for one in worker_list(hospital_ids=[hospital_id])]
    names: list[tuple[str, int | None]] = [*users, *((name, None) for name in MORE)]
    for n, (name, user_id) in enumerate(names):
        in_pool = n % 7 == 6
        home = {"pool": POOL} if in_pool else {"ward_id": wards[n % len(wards)]}
        words = PersonWords(number=f"{4701 + n}", name=name, user_id=user_id, **home)  # type: ignore[arg-type]
        person = person_add(hospital_id=hospital_id, words=words, actor=actor, at=at)
        own = next((post for post in posts if post.ward_id == home.get("ward_id")), None)
        if own is not None:
            posts.remove(own)
        measure = Measure.WEEKDAYS if n % 5 == 4 else Measure.ALL_DAYS
        contract = ContractWords(SHARES[n % len(SHARES)], measure, since, post_id=own.pk if own else None)
        more = [ContractWords(Decimal("0.2"), Measure.ALL_DAYS, since)] if n == 2 else []
        contracts_set(person_id=person.pk, contracts=[contract, *more], actor=actor, at=at)
        left = {3: timedelta(days=20), 5: timedelta(days=-12)}.get(n, timedelta(days=400 + 30 * n))
        trainings = [
            TrainingWords(Competence.FOOD_HYGIENE, today + left - timedelta(days=TRAINED_FOR_DAYS), today + left),
            TrainingWords(Competence.CLEANING, since),
        ]
        if n % 3 == 0:
            trainings.append(TrainingWords(Competence.CONTAGION, since, date(today.year + 1, 12, 31)))
        trainings_set(person_id=person.pk, trainings=trainings, actor=actor, at=at)
    return True

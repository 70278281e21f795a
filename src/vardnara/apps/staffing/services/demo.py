"""Thirteen invented posts of the invented hospital: ten in the frame, two in a pool on stimulus money, one by care."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.models import Post
from vardnara.apps.staffing.services.posts import funding_set, post_add
from vardnara.apps.staffing.services.words import FundingWords, PostWords
from vardnara.kernel.local_time import local_date

TITLE = "Servicemedarbetare"
SERVICE = "Driftnämnden, vårdnära service (påhittad)"
STIMULUS = "Stimulansmedel (påhittade)"
CARE = "Divisionen kirurgi (påhittad)"
OF_EACH = 5


@transaction.atomic
def demo_posts_load(*, hospital_id: int, at: datetime) -> bool:
    """Give the invented hospital its posts; once, else False."""
    actor = demo_user(hospital_id=hospital_id, role=Role.CONTROLLER)
    if actor is None or Post.objects.filter(hospital=hospital_id).exists():
        return False
    year = local_date(at).year
    since = date(year - 2, 1, 1)
    wards = [ward for division in organisation(hospital_id=hospital_id)[:2] for ward in division.wards[:OF_EACH]]
    rows = [({"ward_id": ward.id}, FundingWords(SERVICE, since), True) for ward in wards]
    stimulus = FundingWords(STIMULUS, date(year, 1, 1), date(year + 1, 1, 1), in_frame=False, is_stimulus=True)
    rows += [({"pool": "Resurspool kväll och helg (påhittad)"}, stimulus, False)] * 2
    rows.append(({"ward_id": wards[0].id}, FundingWords(CARE, since), True))
    for number, (place, funding, known) in enumerate(rows, start=1):
        pay = {
            "monthly_sek": Decimal(27_500),
            "inconvenient_sek": Decimal(21_000),
            "overhead_sek": Decimal(30_000),
            "pay_year": year,
            "charges_share": Decimal("0.39"),
            "charges_basis": "Påhittat: avgifter för en lön under 7,5 inkomstbasbelopp",
        }
        words = PostWords(
            number=f"VNS-{number:02}",
            title=TITLE,
            share=Decimal(1),
            from_on=funding.from_on,
            note="Påhittad tjänst.",
            **place,  # type: ignore[arg-type]
            **(pay if known else {}),  # type: ignore[arg-type]
        )
        post = post_add(hospital_id=hospital_id, words=words, actor=actor, at=at)
        funding_set(post_id=post.pk, fundings=[funding], actor=actor, at=at)
    return True

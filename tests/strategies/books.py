"""Books and verifications as SIE files hold them, drawn by Hypothesis."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from vardnara.gateways.sie import Account, Book, PeriodSum, Transaction, Verification

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
SOUND = "".join(chr(n) for n in range(32, 127)) + "åäöÅÄÖéüçñ£½¼ß±°µ²"
TEXTS = st.text(st.sampled_from(SOUND), min_size=1, max_size=20).filter(lambda text: text.strip() == text)
CODES = st.text(st.sampled_from('0123456789ABCåÄ "\\{}'), min_size=1, max_size=6).filter(
    lambda text: text.strip() == text
)
AMOUNTS = st.decimals(-Decimal(10**9), Decimal(10**9), places=2)
DAYS = st.integers(0, 364).map(lambda n: YEAR[0] + timedelta(days=n))


@st.composite
def books(draw: st.DrawFn) -> tuple[Book, tuple[Verification, ...]]:
    """A book with accounts, objects in two dimensions, budgets, and verifications that balance."""
    codes = draw(st.lists(st.integers(1000, 8999).map(str), min_size=2, max_size=6, unique=True))
    book = Book(company=draw(TEXTS), org_number="232100-0000", program="Vardnara", sie_type="4", years={0: YEAR})
    book.accounts = {code: Account(code, draw(TEXTS), draw(st.sampled_from("TSKI"))) for code in codes}
    book.dimensions |= {20: draw(TEXTS), 21: draw(TEXTS)}
    book.parents = {21: 20}
    keys = draw(st.lists(st.tuples(st.sampled_from((1, 20, 21)), CODES), max_size=5, unique=True))
    book.objects = {key: draw(TEXTS) for key in keys}
    listed = st.lists(st.sampled_from(keys), max_size=3, unique_by=lambda key: key[0]) if keys else st.just([])
    for _ in range(draw(st.integers(0, 2))):
        month = date(2025, draw(st.integers(1, 12)), 1)
        book.periods.append(
            PeriodSum(0, "PBUDGET", 0, month, draw(st.sampled_from(codes)), tuple(draw(listed)), draw(AMOUNTS))
        )
    found = []
    for number in range(draw(st.integers(0, 4))):
        day, text = draw(DAYS), draw(TEXTS)
        amounts = draw(st.lists(AMOUNTS, min_size=1, max_size=4))
        rows = [
            Transaction(
                0,
                f"A {number}",
                draw(st.one_of(st.just(day), DAYS)),
                draw(st.sampled_from(codes)),
                tuple(draw(listed)),
                amount,
                draw(st.one_of(st.just(text), TEXTS)),
            )
            for amount in [*amounts, -sum(amounts, Decimal(0))]
        ]
        found.append(Verification("A", str(number), day, text, tuple(rows)))
    return book, tuple(found)

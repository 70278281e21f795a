"""What holds of what was sent does not depend on when it arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.diet.sent import Coding, News, Register, Word, register_hear, registers_hold

T0 = datetime(2026, 3, 2, tzinfo=UTC)
CODES = ("nut", "milk", "fish")


def word(code: str, use: str = "diet") -> Word:
    return Word(use, (Coding("L", code),))


@st.composite
def histories(draw: st.DrawFn) -> list[News]:
    """What one system says of one patient, each thing at its own minute."""
    minutes = draw(st.lists(st.integers(0, 200), unique=True, min_size=1, max_size=9))
    said = []
    for minute in minutes:
        at = T0 + timedelta(minutes=minute)
        kind = draw(st.sampled_from(["list", "item", "order", "order", "state"]))
        code = draw(st.sampled_from(CODES))
        if kind == "list":
            codes = draw(st.lists(st.sampled_from(CODES), unique=True))
            said.append(News("list", "list", at, tuple(word(one, "allergy") for one in codes), "active"))
        elif kind == "item":
            state = draw(st.sampled_from(["active", "ended"]))
            said.append(News(f"allergy {code}", "item", at, (word(code, "allergy"),), state))
        elif kind == "order":
            new = draw(st.booleans())
            said.append(
                News(draw(st.sampled_from("123")), "order", at, (word(code),), "active" if new else None, replaces=new)
            )
        else:
            state = draw(st.sampled_from(["active", "held", "ended"]))
            said.append(News(draw(st.sampled_from("123")), "order", at, None, state))
    return said


def heard(said: list[News]) -> set[tuple[str, str]]:
    registers: dict[str, Register] = {}
    for news in said:
        held = registers.get(news.key, Register(news.key, news.kind))
        registers[news.key] = register_hear(held, news)
    return {(register.key, one.label) for register, one in registers_hold(registers.values())}


def told(said: list[News]) -> set[tuple[str, str]]:
    """The same by hand: one message after the other, in the order in which they were recorded."""
    allergies: dict[str, tuple[str, str]] = {}
    content: dict[str, tuple[str, ...]] = {}
    state: dict[str, str] = {}
    replaced: set[str] = set()
    for news in sorted(said, key=lambda one: one.at):
        words = tuple(one.label for one in news.words or ())
        if news.kind == "list":
            allergies = {one: ("list", one) for one in words}
        elif news.kind == "item":
            allergies.pop(words[0], None)
            if news.state == "active":
                allergies[words[0]] = (news.key, words[0])
        else:
            if news.words is not None:
                content[news.key] = words
                replaced.discard(news.key)
            if news.state is not None:
                state[news.key] = news.state
            if news.replaces:
                was_new = {one.key for one in said if one.replaces and one.at < news.at}
                replaced |= (was_new & content.keys()) - {news.key}
    orders = {
        (key, one)
        for key, words in content.items()
        if key not in replaced and state.get(key, "active") == "active"
        for one in words
    }
    return set(allergies.values()) | orders


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(said: list[News], dice: object) -> None:
    """Late, out of order: what holds is the same, and is what a reader in the order of recording would say."""
    mixed = list(said)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert heard(mixed) == told(said)


@given(histories())
def test_hearing_twice_changes_nothing(said: list[News]) -> None:
    """A resend."""
    assert heard(said + said[::-1]) == heard(said)


def test_fasting_stands_beside_the_diet() -> None:
    """An order that stands alone neither replaces nor is replaced (H-33)."""

    def order(key: str, code: str, minute: int) -> Register:
        news = News(key, "order", T0 + timedelta(minutes=minute), (word(code),), "active", replaces=True)
        return register_hear(Register(key, "order"), news)

    registers = [order("1", "soft", 0), order("2", "npo", 5), order("3", "salt", 9)]
    held = registers_hold(registers, stands_alone=lambda one: one.key == "2")
    assert [one.label for _, one in held] == ["npo", "salt"]

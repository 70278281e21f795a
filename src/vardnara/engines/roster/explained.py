"""What an explanation is made of: rules that clash, and places that have too few."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.roster.data import Cover


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules of a person that cannot all be kept, none of them to spare; each of ``give_up`` is enough by itself."""

    person: str
    rules: tuple[str, ...]
    give_up: tuple[str, ...]

    @property
    def text(self) -> str:
        """In a sentence."""
        said = f"{self.person} has no lawful line of days"
        if not self.rules:
            return said
        more = "" if self.give_up else "; it is not the only clash"
        if len(self.rules) == 1:
            return f"{said}: {self.rules[0]} cannot be kept{more}"
        said += f": {', '.join(self.rules[:-1])} and {self.rules[-1]} cannot be kept together"
        return said + (more or f"; without {self.give_up[0]} there is one")


@dataclass(frozen=True, slots=True)
class TooFew:
    """A hard least of cover that is not met, and for how many people which reason is in the way (each once)."""

    need: Cover
    there: int
    reasons: dict[str, int]

    @property
    def text(self) -> str:
        """In a sentence."""
        name = self.need.shift if self.need.skill is None else f"{self.need.shift} as {self.need.skill}"
        why = ", ".join(f"{n} {reason}" for reason, n in self.reasons.items())
        return f"day {self.need.day}, {name}: {self.there} of at least {self.need.least}; {why or 'nobody is there'}"

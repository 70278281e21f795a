"""Invented people: the same number is always the same person, so nobody has to be remembered."""

from __future__ import annotations

from datetime import date

from vardnara.engines.feed.data import FeedPatient

FAMILY_FIRST = ("Test", "Prov", "Exempel", "Övnings", "Påhitts", "Låtsas", "Fantasi", "Sago", "Skämt", "Utkasts")
FAMILY_LAST = ("ström", "lund", "berg", "sjö", "åker", "gård", "älv", "kvist", "näs", "holm", "ö", "mård")
GIVEN = {
    "F": ("Åsa", "Märta", "Ingegärd", "Frida", "Görel", "Änna", "Saga", "Ebba", "Örjana", "Karin", "Noor"),
    "M": ("Björn", "Håkan", "Göran", "Åke", "Sören", "Pär", "Örjan", "Måns", "Nils", "Jörgen", "Amir", "Öyvind"),
}
BORN_FIRST, BORN_LAST = 1930, 2023
OLD_UNTIL = 1965
MASK = (1 << 64) - 1


def _mixed(number: int) -> int:
    """Spread a small number over 64 bits (the finaliser of SplitMix64), the same on every machine."""
    mixed = (number * 0x9E3779B97F4A7C15) & MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
    return mixed ^ (mixed >> 31)


def patient_of(number: int) -> FeedPatient:
    """The invented patient with this number; about half were born before 1966, as on a ward."""
    mixed = _mixed(number)
    sex = "FM"[mixed & 1]
    names = GIVEN[sex]
    span = (BORN_FIRST, OLD_UNTIL) if (mixed >> 1) & 1 else (OLD_UNTIL + 1, BORN_LAST)
    year = span[0] + (mixed >> 8) % (span[1] - span[0] + 1)
    born = date(year, 1 + (mixed >> 20) % 12, 1 + (mixed >> 28) % 28)
    family = FAMILY_FIRST[(mixed >> 36) % len(FAMILY_FIRST)] + FAMILY_LAST[(mixed >> 44) % len(FAMILY_LAST)]
    return FeedPatient(f"P{number:08d}", family, names[(mixed >> 52) % len(names)], born, sex)


def newborn_of(number: int, born_on: date | None, mother: FeedPatient | None = None) -> FeedPatient:
    """A newborn; it has its mother's family name and no given name yet."""
    sex = "FM"[_mixed(number) & 1]
    family = mother.family_name if mother else "Påhittsbarn"
    return FeedPatient(f"B{number:08d}", family, "Flicka" if sex == "F" else "Pojke", born_on, sex)


def unknown_of(number: int) -> FeedPatient:
    """Somebody whom nobody could identify yet."""
    return FeedPatient(f"R{number:08d}", "Okänd", "Okänd", None, "U")

"""Places and occupancy beside a measure that touches beds (S-10)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Beds:
    """Places and how they are used.

    Parameters
    ----------
    places
        Staffed places (disponibla vårdplatser), 0 or more.
    bed_days
        Days that patients lay in them in the period.
    days
        Days of the period, above 0.
    """

    places: int
    bed_days: Decimal
    days: int

    def __post_init__(self) -> None:
        if self.places < 0 or self.bed_days < 0 or self.days <= 0:
            raise ValueError(f"{self.places} places, {self.bed_days} bed days, {self.days} days")

    @property
    def occupancy_share(self) -> Decimal | None:
        """Bed days by places and days; above 1 where more lie there than there are places for. None without places."""
        return self.bed_days / (self.places * self.days) if self.places else None


def beds_after(beds: Beds, change: int) -> Beds:
    """The same patients on other places.

    Parameters
    ----------
    beds
        As it is.
    change
        Places more, or fewer where below 0.

    Returns
    -------
    Beds
        With the same bed days: what occupancy would be if nobody came sooner, later or elsewhere.

    Raises
    ------
    ValueError
        More places go than there are.

    References
    ----------
    STANDARDS S-10.
    """
    return Beds(beds.places + change, beds.bed_days, beds.days)

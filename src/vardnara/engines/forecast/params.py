"""How much of the past counts, how strongly shares are drawn together, and how the interval is calibrated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForecastParams:
    """Choices of ours (design, 2026), tuned on generated kitchens of other seeds than those that are judged.

    Parameters
    ----------
    half_lives_days
        How fast the past fades; the one with the least error on the kitchen's own past is taken.
    strengths_eaters
        With how many eaters' weight a dish is drawn to what its place on the menu usually gets; chosen likewise.
    weights
        Of the model against the baseline; chosen likewise, so that a kitchen where the model does not help gets the
        baseline.
    validation_days
        Of the past, on how many last days it is tried.
    least_days
        Days of history without which the baseline is told alone.
    coverage_share
        Of the interval.
    prior_sd_share
        Standard deviation of a portion count beyond chance, as a share of it, where the past is too short to say.
    lately_days, lately_portions
        Over how many days a place's drift is looked at, and with how many portions' weight it is drawn to none.
    ridge_days
        With how many days' weight the census is believed to stay as it is.
    """

    half_lives_days: tuple[float, ...] = (8.0, 24.0, 72.0)
    strengths_eaters: tuple[float, ...] = (10.0, 60.0, 400.0)
    weights: tuple[float, ...] = (0.0, 0.5, 0.8, 1.0)
    validation_days: int = 28
    least_days: int = 21
    coverage_share: float = 0.8
    prior_sd_share: float = 0.15
    lately_days: int = 7
    lately_portions: float = 30.0
    ridge_days: float = 14.0

    def __post_init__(self) -> None:
        if not 0 < self.coverage_share < 1 or self.validation_days < 7 or self.least_days < 8:
            raise ValueError("expected a coverage between 0 and 1, 7 days or more of validation, 8 or more of history")
        if min(*self.half_lives_days, *self.strengths_eaters, self.ridge_days) <= 0 or 0.0 not in self.weights:
            raise ValueError("expected positive half lives and strengths, and the baseline (0) among the weights")

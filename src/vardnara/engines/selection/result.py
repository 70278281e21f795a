"""What fits, and what was selected."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.diet.result import Status, Verdict


@dataclass(frozen=True, slots=True)
class Fit:
    """How a dish fits a patient: in which of its cells, and what the check says of that cell.

    ``cell`` is an index of the option's cells, None where it has none at all.
    """

    key: int
    cell: int | None
    verdict: Verdict

    @property
    def safe(self) -> bool:
        """Whether it can be served, as it is or after the named change."""
        return self.verdict.status is not Status.BLOCKED


@dataclass(frozen=True, slots=True)
class Selected:
    """The rung and what it gave; ``step`` is empty and ``fit`` None where nothing is safe: a substitute is needed.

    ``tried`` is what was asked before, each with its causes.
    """

    step: str
    fit: Fit | None
    tried: tuple[Fit, ...] = ()

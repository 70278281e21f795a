"""Kinds of ward service task as shipped: what they are called, what drives them, and when they are usually done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.errors import InputError
from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.kernel.faults import Fault
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.loading import table_read
from vardnara.parameters.task_norms import Driver, TaskNorm, task_norm

FILE = "task_types.toml"


@dataclass(frozen=True, slots=True)
class TaskTemplate:
    """A kind of task.

    Parameters
    ----------
    code
        Its key; names are for people.
    name, name_en
        Swedish and English.
    area, each, kind, competence
        Codes of the service app's lists.
    driver
        What there is more of it for.
    norm
        Minutes, None where nobody knows.
    hygiene_order
        Low is done clean, high is done last.
    response_minutes
        Expected time from asked for to begun, None for planned work.
    usual
        Windows of every day in which it is usually done; empty for what comes by events.
    always
        Done also on wards where nothing has been agreed.
    checklist
        English texts, translated on the page.
    evidence
        Where it comes from.
    """

    code: str
    name: str
    name_en: str
    area: str
    driver: Driver
    each: str
    kind: str
    norm: TaskNorm | None
    competence: str
    hygiene_order: int
    response_minutes: int | None
    usual: tuple[TimeWindow, ...]
    always: bool
    checklist: tuple[str, ...]
    evidence: Evidence


@cache
def task_templates() -> tuple[TaskTemplate, ...]:
    """Every shipped kind of task, in the order of the file.

    Raises
    ------
    InputError
        A row is not what it should be, a code stands twice, or a norm does not exist.
    """
    found: dict[str, TaskTemplate] = {}
    for index, row in enumerate(table_read(FILE, "type")):
        place = f"/type/{index}"
        norm = task_norm(row["norm"]) if "norm" in row else None
        if "norm" in row and norm is None:
            raise InputError([Fault(FILE, f"{place}/norm", repr(row["norm"]), "a code of task_norms.toml")])
        if row["code"] in found:
            raise InputError([Fault(FILE, f"{place}/code", repr(row["code"]), "each code once")])
        found[row["code"]] = TaskTemplate(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            area=row["area"],
            driver=Driver(row["driver"]),
            each=row["each"],
            kind=row["kind"],
            norm=norm,
            competence=row.get("competence", ""),
            hygiene_order=row["hygiene_order"],
            response_minutes=row.get("response_minutes"),
            usual=tuple(TimeWindow.parse(text) for text in row.get("usual", ())),
            always=row.get("always", False),
            checklist=tuple(row.get("checklist", ())),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"{place}/evidence"),
        )
    return tuple(found.values())

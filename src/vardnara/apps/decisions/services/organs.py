"""Organisations, the forms of their registry numbers, and their organs: an administrator's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.decisions.choices import OrganKind
from vardnara.apps.decisions.models import Case, Organ, Organisation, RegistryPattern
from vardnara.apps.decisions.queries.organs import organisation_named, patterns_of
from vardnara.apps.decisions.services.recording import writer_require
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.registry_number import LONGEST, pattern_read, registry_number_fits

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

EDITORS = (Role.ADMINISTRATOR,)


@transaction.atomic
def organisation_add(*, hospital_id: int, name: str, actor: User, at: datetime) -> Organisation:
    """An organisation by the name that cases call it. An administrator."""
    writer_require(actor, hospital_id, EDITORS)
    if not name.strip():
        raise RuleBroken("bad_input", "an organisation without a name")
    return _saved(Organisation(hospital_id=hospital_id, name=name.strip(), made_at=at, made_by=actor))


def _saved[T: (Organisation, Organ, RegistryPattern)](row: T) -> T:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise RuleBroken("name_taken", str(error)) from error
    return row


def organisation_lock(organisation_id: int, actor: User) -> Organisation:
    """The organisation, locked, for an administrator of its hospital."""
    found = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if found is None:
        raise RuleBroken("unknown_matter", f"organisation {organisation_id}")
    writer_require(actor, found.hospital_id, EDITORS)
    return found


@transaction.atomic
def organisation_rename(*, organisation_id: int, name: str, actor: User, at: datetime) -> Organisation:
    """Call it another name; cases are known by the name that they say. An administrator."""
    organisation = organisation_lock(organisation_id, actor)
    if not name.strip():
        raise RuleBroken("bad_input", "an organisation without a name")
    organisation.name = name.strip()
    return _saved(organisation)


@transaction.atomic
def pattern_add(
    *, organisation_id: int, form: str, text: str, examples: Sequence[str], actor: User, at: datetime
) -> RegistryPattern:
    """A form of its registry numbers, which every example must be in. An administrator."""
    organisation = organisation_lock(organisation_id, actor)
    try:
        read = pattern_read(form, text.strip())
    except InputError as error:
        fault = error.faults[0]
        raise RuleBroken("pattern_unreadable", f"{fault.place}|{fault.wrong}|{fault.expected}") from error
    if not examples or not any(example.strip() for example in examples):
        raise RuleBroken("pattern_without_example", text)
    wrong = [example for example in examples if not read.matches(example)]
    if wrong:
        raise RuleBroken("example_not_in_form", wrong[0])
    row = RegistryPattern(
        organisation=organisation, form=form, text=text.strip(), examples=list(examples), made_at=at, made_by=actor
    )
    return _saved(row)


@transaction.atomic
def pattern_remove(*, organisation_id: int, pattern_id: int, actor: User, at: datetime) -> None:
    """Its numbers need not be in this form any more. An administrator."""
    organisation = organisation_lock(organisation_id, actor)
    for pattern in organisation.patterns.filter(pk=pattern_id):
        pattern.delete()


@transaction.atomic
def organ_add(*, organisation_id: int, name: str, abbreviation: str, kind: str, actor: User, at: datetime) -> Organ:
    """An organ of the organisation. An administrator."""
    organisation = organisation_lock(organisation_id, actor)
    if not name.strip() or not abbreviation.strip() or kind not in OrganKind.values:
        raise RuleBroken("bad_input", "an organ without name, abbreviation or kind")
    return _saved(Organ(organisation=organisation, name=name.strip(), abbreviation=abbreviation.strip(), kind=kind))


@transaction.atomic
def organ_retire(*, organisation_id: int, organ_id: int, retired: bool, actor: User, at: datetime) -> None:
    """It decides no more, or again; what it decided stays. An administrator."""
    organisation = organisation_lock(organisation_id, actor)
    organisation.organs.filter(pk=organ_id).update(retired_at=at if retired else None)


def registry_number_check(case: Case, organisation: str, number: str) -> None:
    """Raise ``registry_number_form`` where the case's organisation writes its numbers otherwise.

    ``detail`` is the organisation's name, its forms and their examples, for the reader.
    """
    found = organisation_named(case.hospital_id, organisation)
    if found is None or not number:
        return
    patterns = list(found.patterns.order_by("pk"))
    if registry_number_fits(number, patterns_of(patterns)) and len(number) <= LONGEST:
        return
    told = "; ".join(f"{pattern.text} ({', '.join(pattern.examples)})" for pattern in patterns)
    raise RuleBroken("registry_number_form", f"{found.name}|{told}")

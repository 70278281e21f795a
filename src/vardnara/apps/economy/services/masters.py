"""Units and accounts read in from tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.economy.choices import AccountKind, Side
from vardnara.apps.economy.models import Account, Unit
from vardnara.apps.economy.services.ledger_import import keeper_require
from vardnara.apps.hospital.queries.reach import ward_by_code
from vardnara.gateways.tabular import Table
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@transaction.atomic
def units_import(*, hospital_id: int, table: Table, actor: User | None) -> int:
    """Read units in from a table (code, name, side, ward); what is there by its code is renamed. All or none."""
    keeper_require(actor, hospital_id)
    faults: list[Fault] = []
    for row in table.rows:
        code, side, ward = row.get("code"), row.get("side") or Side.SERVICE, row.get("ward")
        if not code:
            faults.append(row.fault("code", "missing", "the unit's code"))
        if side not in Side.values:
            faults.append(row.fault("side", side, ", ".join(Side.values)))
        ward_id = None
        if ward:
            try:
                ward_id = ward_by_code(hospital_id, ward)
            except RuleBroken:
                faults.append(row.fault("ward", f"unknown ward {ward}", "the code of a ward"))
        if not faults:
            Unit.objects.update_or_create(
                hospital_id=hospital_id,
                code=code[:40],
                defaults={"name": (row.get("name") or code)[:160], "side": side, "ward_id": ward_id},
            )
    if faults:
        raise InputError(faults)
    return len(table.rows)


@transaction.atomic
def accounts_import(*, hospital_id: int, table: Table, actor: User | None) -> int:
    """Read accounts in from a table (code, name, kind ``cost`` or ``income``). Whole or not at all."""
    keeper_require(actor, hospital_id)
    kinds = {"cost": AccountKind.COST, "income": AccountKind.INCOME, "k": AccountKind.COST, "i": AccountKind.INCOME}
    faults: list[Fault] = []
    for row in table.rows:
        code, kind = row.get("code"), kinds.get(row.get("kind").lower())
        if not code:
            faults.append(row.fault("code", "missing", "the account's code"))
        if kind is None:
            faults.append(row.fault("kind", row.get("kind") or "missing", "cost or income"))
        if faults:
            continue
        account, made = Account.objects.get_or_create(
            hospital_id=hospital_id, code=code[:20], defaults={"name": row.get("name")[:160] or code, "kind": kind}
        )
        if not made and account.kind != kind:
            faults.append(row.fault("kind", row.get("kind"), f"{account.kind}, as before: its lines are booked so"))
        elif not made:
            Account.objects.filter(pk=account.pk).update(name=row.get("name")[:160] or code)
    if faults:
        raise InputError(faults)
    return len(table.rows)

"""People can be let in where no demo made them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from tests.strategies.messages import at, small_hospital

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.accounts.services import user_set
from vardnara.kernel.errors import RuleBroken

DEMO = Path(__file__).parents[2] / "src" / "vardnara" / "apps" / "hospital" / "demo"


@pytest.mark.django_db
def test_user_is_made_changed_and_shut_out() -> None:
    """The new password works, the old one does not, a user that is off cannot sign in, a wrong role is refused."""
    hospital: Any = small_hospital()
    given: dict[str, Any] = {"username": "anna", "hospital_id": hospital.pk, "ward_id": None, "name": "Anna Ek"}
    first = user_set(**given, role="coordinator", active=True, at=at(0))
    user: Any = authenticate(username="anna", password=first)
    assert (user.role, user.get_full_name(), user_reach(user).hospital_ids) == ("coordinator", "Anna Ek", {hospital.pk})
    second = user_set(**given, role="integrator", active=True, at=at(1))
    assert authenticate(username="anna", password=first) is None
    user = authenticate(username="anna", password=second)
    assert (user.role, user.demo, user.scopes.count()) == ("integrator", False, 1)
    third = user_set(**given, role="integrator", active=False, at=at(2))
    assert authenticate(username="anna", password=third) is None
    with pytest.raises(RuleBroken):
        user_set(**given, role="king", active=True, at=at(3))


def test_command(running_hospital: Any) -> None:
    """From an imported hospital to somebody who can sign in; what cannot be is said in one line."""
    hospital = running_hospital(fresh=True)
    assert hospital.command("import", str(DEMO)).returncode == 0
    made = hospital.command("user", "anna", "--role", "ward_staff", "--ward", "K31", "--name", "Anna Ek")
    assert (made.returncode, made.stdout.split()[0]) == (0, "anna"), made.stderr
    wrong = hospital.command("user", "bo", "--role", "ward_staff", "--ward", "NOWHERE")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "NOWHERE" in wrong.stderr

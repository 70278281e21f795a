"""Migrations on a new database in half the time.

Django renders a model, and every model that is related to it, anew for each index, constraint and trigger that a
migration adds, though none of them changes a field: that was more than half of a first start. Here such a change is
noted on the rendered model instead. What the database gets is the same (``tests/config/test_migrating.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

OPTIONS = ("indexes", "constraints", "triggers")


@contextmanager
def migrated_quickly() -> Iterator[None]:
    """Within this, state operations that change no field render nothing anew."""
    from django.db.migrations.state import ProjectState
    from pgtrigger.migrations import AddTrigger, RemoveTrigger

    kept: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, value: Any) -> None:
        kept.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    def options_noted(state: Any, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" in state.__dict__:
            meta = state.apps.get_model(app_label, model_name)._meta
            options = state.models[app_label, model_name.lower()].options
            for name in OPTIONS:
                if name in options:
                    setattr(meta, name, list(options[name]))

    def without_rendering(method: Callable[..., None], *, state_at: int) -> Callable[..., None]:
        def noted(*args: Any) -> None:
            args[state_at].__dict__["reload_model"] = options_noted.__get__(args[state_at])
            try:
                method(*args)
            finally:
                del args[state_at].__dict__["reload_model"]

        return noted

    for name in ("_append_option", "_remove_option", "_alter_option"):
        put(ProjectState, name, without_rendering(getattr(ProjectState, name), state_at=0))
    for operation in (AddTrigger, RemoveTrigger):
        put(operation, "state_forwards", without_rendering(operation.state_forwards, state_at=2))
    try:
        yield
    finally:
        for owner, name, value in reversed(kept):
            setattr(owner, name, value)

"""Migrations on a new database in a small part of the time.

Django renders a model, and every model that is related to it over however many others, anew for each model, field,
index, constraint and trigger that a migration adds: work that grows with the square of the tables, and most of a first
start. Here a new model is rendered alone, a new field is put on the rendered model, and what changes no field is noted
there. What the database gets is the same (``tests/config/test_migrating.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

OPTIONS = ("indexes", "constraints", "triggers")


@contextmanager
def migrated_quickly() -> Iterator[None]:
    """Within this, state operations render what they change and no more."""
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

    def model_rendered(state: Any, model_state: Any) -> None:
        key = model_state.app_label, model_state.name_lower
        state.models[key] = model_state
        if state._relations is not None:
            state.resolve_model_relations(key)
        if "apps" in state.__dict__:
            state.apps.render_multiple([model_state])

    def field_rendered(state: Any, app_label: str, model_name: str, name: str, field: Any, *words: Any) -> None:
        reload = ProjectState.reload_model

        def added(label: str, model: str, delay: bool = False) -> None:
            if field.many_to_many:  # with a table of its own
                reload(state, label, model, delay=delay)
            elif "apps" in state.__dict__:
                found = state.apps.get_model(label, model)
                state.models[label, model].fields[name].clone().contribute_to_class(found, name)

        state.__dict__["reload_model"] = added
        try:
            add_field(state, app_label, model_name, name, field, *words)
        finally:
            del state.__dict__["reload_model"]

    add_field = ProjectState.add_field
    put(ProjectState, "add_model", model_rendered)
    put(ProjectState, "add_field", field_rendered)
    for name in ("_append_option", "_remove_option", "_alter_option"):
        put(ProjectState, name, without_rendering(getattr(ProjectState, name), state_at=0))
    for operation in (AddTrigger, RemoveTrigger):
        put(operation, "state_forwards", without_rendering(operation.state_forwards, state_at=2))
    try:
        yield
    finally:
        for owner, name, value in reversed(kept):
            setattr(owner, name, value)

"""Where a reader may go: few pages in the bar, all of them one tap away, and a mark on where one is."""

from __future__ import annotations

from typing import cast

import pytest

from vardnara.apps.accounts.choices import Role
from vardnara.config.context import IN_BAR, NAV, Entry, menu


def entries(role: str, path: str, part: str = "nav") -> dict[str, str]:
    return {entry.view: entry.current for entry in cast("list[Entry]", menu(role, path)[part])}


@pytest.mark.parametrize("role", Role.values)
def test_nothing_is_lost(role: str) -> None:
    """Each page of a role stands once in a group and, where all do not fit, the first of them in the bar."""
    all_of_it = [view for view, _, _, roles in NAV if role in roles]
    said = menu(role, "/")
    groups = cast("list[tuple[str, list[Entry]]]", said["nav_groups"])
    assert sorted(entry.view for _, rows in groups for entry in rows) == sorted(all_of_it)
    in_bar = list(entries(role, "/", "nav_bar"))
    assert in_bar == (all_of_it[:IN_BAR] if said["nav_many"] else all_of_it) and len(in_bar) <= IN_BAR + 1


@pytest.mark.parametrize(
    ("role", "path", "view", "mark"),
    [
        ("coordinator", "/samordning/", "service:coordination", "page"),
        ("coordinator", "/samordning/dagen/", "service:coordination", "true"),
        ("coordinator", "/papper/ater/7/", "service:paper", "true"),
        ("service_head", "/overforingar/3/", "service:agreements", "true"),
        ("service_head", "/aviseringar/", "service:escalation", "true"),
        ("unit_manager", "/aviseringar/", "service:alert_settings", "page"),
        ("service_worker", "/funktionskort/1/service/", "service:function_cards", "true"),
        ("controller", "/tider/normer/", "service:measured", "true"),
    ],
)
def test_one_page_is_marked_also_for_what_lies_under_it(role: str, path: str, view: str, mark: str) -> None:
    """And it stands in the bar, even where it is otherwise found under "More"."""
    marked = {name: current for name, current in entries(role, path, "nav_bar").items() if current}
    assert marked == {view: mark}


def test_nothing_is_marked_elsewhere() -> None:
    assert not any(entries("coordinator", "/").values()) and not any(entries("kitchen", "/samordning/").values())

"""``vardnara worker``: the job worker alone; as many as wanted, on as many machines."""

from __future__ import annotations

import argparse
from typing import Any

from vardnara.config.command.parts_alone import part_ready
from vardnara.config.command.registry import command_add, data_option


def register(subparsers: Any) -> None:
    """Declare ``worker``."""
    data_option(command_add(subparsers, "worker"))


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    part_ready(args)
    from vardnara.config.parts.worker import main

    return main()

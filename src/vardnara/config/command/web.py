"""``vardnara web``: the pages alone."""

from __future__ import annotations

import argparse
import os
from typing import Any

from vardnara.config.command.parts_alone import part_ready
from vardnara.config.command.registry import command_add, data_option


def register(subparsers: Any) -> None:
    """Declare ``web``."""
    parser = command_add(subparsers, "web")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="port to serve on (default 8000)")
    parser.add_argument("--socket", type=int, metavar="FD", help="serve a socket that is bound and handed over instead")
    data_option(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    os.environ.setdefault("VARDNARA_DB_POOL", "1")  # before settings are read
    part_ready(args, signs=True)
    from vardnara.config.parts.web import main

    return main(host=args.host, port=args.port, door=args.socket)

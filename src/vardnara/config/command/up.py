"""``vardnara up``: all parts under one supervisor."""

from __future__ import annotations

import argparse
import os
import socket
from typing import Any

from vardnara.config.command.listen import tls_options, tls_words
from vardnara.config.command.registry import command_add, data_option
from vardnara.config.environment import flag
from vardnara.config.folder import DataFolder


def register(subparsers: Any) -> None:
    """Declare ``up``."""
    parser = command_add(subparsers, "up")
    data_option(parser)
    parser.add_argument("--port", type=int, default=8000, help="port of the pages (default 8000; 0: any free one)")
    parser.add_argument("--mllp-port", type=int, default=2575, help="port for HL7 v2 (default 2575; 0: any free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address of the pages (default: this machine only)")
    parser.add_argument("--mllp-host", default="127.0.0.1", help="address for HL7 v2 (default: this machine only)")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty; no demo users")
    parser.add_argument("--no-feed", action="store_true", help="do not play the live feed in the demo hospital")
    parser.add_argument(
        "--web-processes",
        type=int,
        default=web_processes(),
        help="processes that serve the pages (default: one a core, four at most; VARDNARA_WEB_PROCESSES)",
    )
    tls_options(parser)


def run(args: argparse.Namespace) -> int:
    """Start, say where everything is, and stay until told to stop."""
    from vardnara.config.supervisor import Supervisor, Wishes

    wishes = Wishes(
        folder=DataFolder.named(args.data),
        host=args.host,
        port=args.port or free_port(args.host),
        mllp_host=args.mllp_host,
        mllp_port=args.mllp_port or free_port(args.mllp_host),
        demo=not args.no_demo,
        feed=not args.no_feed,
        listen_options=tuple(tls_words(args)),
        durable=flag("VARDNARA_FSYNC", default=True),
        stall_seconds=stall_seconds(),
        web_processes=max(1, args.web_processes),
    )
    return Supervisor(wishes).run()


def stall_seconds() -> float:
    """Return how long a heartbeat may stand still before its part is ended (``VARDNARA_STALL_SECONDS``, 20)."""
    raw = os.environ.get("VARDNARA_STALL_SECONDS") or "20"
    if not raw.replace(".", "", 1).isdigit() or float(raw) < 3:
        raise SystemExit(f"VARDNARA_STALL_SECONDS={raw}: expected a number of seconds, 3 or more")
    return float(raw)


def web_processes() -> int:
    """Return how many processes serve the pages unless that is said."""
    said = os.environ.get("VARDNARA_WEB_PROCESSES") or ""
    return int(said) if said.isdigit() and int(said) else min(4, os.process_cpu_count() or 1)


def free_port(host: str) -> int:
    """Return a port that nobody listens on now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port

"""``vardnara user``: people who may sign in, where no demo makes them."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from vardnara.config.command.registry import command_add, data_option
from vardnara.config.command.session import hospital_open


def register(subparsers: Any) -> None:
    """Declare ``user``."""
    parser = command_add(subparsers, "user")
    parser.add_argument("username", metavar="USERNAME")
    parser.add_argument("--role", required=True, help="service_worker, ward_staff, coordinator, integrator, ...")
    parser.add_argument("--hospital", default="", metavar="CODE", help="hospital that the user reaches (the only one)")
    parser.add_argument("--ward", default="", metavar="CODE", help="reach this ward only")
    parser.add_argument("--name", default="", help="given and family name")
    parser.add_argument("--off", action="store_true", help="the user may no longer sign in")
    data_option(parser)


def run(args: argparse.Namespace) -> int:
    """Make or change the user and print the new password, once: only its hash is kept."""
    with hospital_open(args, "user"):
        from vardnara.apps.accounts.services import user_set
        from vardnara.apps.hospital.queries.reach import hospital_by_code, ward_by_code

        hospital_id = hospital_by_code(args.hospital)
        password = user_set(
            username=args.username,
            role=args.role,
            hospital_id=hospital_id,
            ward_id=ward_by_code(hospital_id, args.ward) if args.ward else None,
            name=args.name,
            active=not args.off,
            at=datetime.now(UTC),
        )
    print(f"{args.username} may not sign in" if args.off else f"{args.username} {password}")
    return 0

"""Opens the hospital that a command is about: the running one, the server of ``DATABASE_URL``, or its files alone."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from vardnara.config.folder import DataFolder
from vardnara.kernel.errors import GatewayError, RuleBroken


def django_ready() -> None:
    """Set Django up; ``DATABASE_URL`` must be known by now."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardnara.config.settings")
    django.setup()


@contextmanager
def database_open(args: argparse.Namespace, doing: str, *, make: bool = False) -> Iterator[str]:
    """Yield the database's address; where nothing runs, the folder's own server runs for the length of the block.

    Parameters
    ----------
    args
        With ``data``, the folder that was named or None.
    doing
        What the folder is held for, said to whoever wants it meanwhile.
    make
        Whether a folder without a database gets one; else that is refused with ``nothing_here``.
    """
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    folder = DataFolder.named(args.data)
    running = folder.run_state()
    if running is not None:
        yield str(running["database_url"])
        return
    from vardnara.config.postgres import POINTER, Cluster

    there = (folder.path / "postgres").exists() or (folder.path / POINTER).exists()
    if not there and not make:
        raise RuleBroken("nothing_here", f"no database in {folder.path} and none running; vardnara up starts one")
    with ExitStack() as stack:
        folder.make()
        stack.enter_context(folder.lock(doing))
        cluster = Cluster.of(folder.path, log=folder.log_path("postgres"))
        stack.enter_context(cluster.running())
        yield cluster.url()


@contextmanager
def hospital_open(args: argparse.Namespace, doing: str, *, make: bool = False) -> Iterator[DataFolder]:
    """As :func:`database_open`, with Django set up on it and its tables there."""
    import psycopg

    with database_open(args, doing, make=make) as url:
        os.environ["DATABASE_URL"] = url
        try:
            with psycopg.connect(url, connect_timeout=10) as connection:
                from vardnara.config.schema import fingerprint

                tables = fingerprint(connection) is not None
        except psycopg.OperationalError as error:
            raise GatewayError("database_unreachable", f"the database does not answer: {_first_line(error)}") from error
        django_ready()
        from django.db import connections

        try:
            if not tables:
                from vardnara.config.command.prepare import prepare

                folder = DataFolder.named(args.data)
                folder.make()
                prepare(folder, demo=False)
            yield DataFolder.named(args.data)
        finally:
            connections.close_all()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]

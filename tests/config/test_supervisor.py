"""One command runs everything, mends what breaks, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest


@pytest.fixture(scope="module")
def hospital(running_hospital: Callable[..., Any]) -> Any:
    return running_hospital(environment={"VARDNARA_STALL_SECONDS": "4", "VARDNARA_WEB_PROCESSES": "2"})


def until(true: Callable[[], object], seconds: float = 240) -> object:
    """Wait until something is true and return it."""
    ends = time.monotonic() + seconds
    while True:
        found = true()
        if found or time.monotonic() > ends:
            return found
        time.sleep(0.1)


def descendants(pid: int) -> set[int]:
    """Every living process below one, itself included."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family & parents.keys()


def alive(pids: set[int]) -> set[int]:
    """Those of the processes that still run."""
    return {pid for pid in pids if pid in descendants(pid)}


def signalled(hospital: Any, part: str, number: signal.Signals) -> int:
    """Signal a part and return its process; on a busy machine it may be just now between two processes."""

    def sent() -> int | None:
        pid: int = hospital.pid(part)
        try:
            os.kill(pid, number)
        except (ProcessLookupError, TypeError):
            return None
        return pid

    pid = until(sent)
    assert isinstance(pid, int), f"{part} does not run"
    return pid


def beating(hospital: Any) -> dict[str, int]:
    """How often each of the parts that live has been restarted."""
    with psycopg.connect(hospital.database_url) as connection:
        query = """
            SELECT part || coalesce(substring(instance FROM '/.*'), ''), restarts FROM hospital_partheartbeat
            WHERE age(clock_timestamp(), beat_at) < '3 seconds'
        """
        return dict(connection.execute(query).fetchall())


@pytest.mark.parametrize("part", ["web", "web/2", "listener", "worker"])
def test_a_killed_part_runs_again_and_that_is_told(hospital: Any, part: str) -> None:
    """A part that dies is restarted, said on stderr and counted in its heartbeat."""
    before = signalled(hospital, part, signal.SIGKILL)
    assert until(lambda: hospital.pid(part) not in (None, before))
    assert f"{part} ended (SIGKILL), starting again" in hospital.told()

    assert until(lambda: beating(hospital).get(part))  # lives, and was restarted
    if part.startswith("web"):
        assert until(hospital.answers)


def test_a_part_that_takes_its_time_to_start_again_is_left_to_it(hospital: Any) -> None:
    """The heartbeat that its predecessor left behind is no sign of the new one, so it has a start's patience."""
    assert until(lambda: "web" in beating(hospital))
    before = signalled(hospital, "web", signal.SIGKILL)
    assert until(lambda: hospital.pid("web") not in (None, before))
    slow = signalled(hospital, "web", signal.SIGSTOP)
    time.sleep(7)  # more than the four seconds that a heartbeat may stand still
    os.kill(slow, signal.SIGCONT)
    assert until(hospital.answers)
    assert hospital.pid("web") == slow


def test_while_the_pages_start_again_nobody_is_refused(hospital: Any) -> None:
    """With one process killed the other answers; with both killed a visitor waits until one is there again."""
    assert until(lambda: {"web", "web/2"} <= beating(hospital).keys())
    signalled(hospital, "web", signal.SIGKILL)
    assert all(hospital.answers() for _ in range(20))
    assert until(lambda: {"web", "web/2"} <= beating(hospital).keys())
    for part in ("web", "web/2"):
        signalled(hospital, part, signal.SIGKILL)
    assert hospital.answers(patience_seconds=60)


def test_a_killed_database_runs_again_and_the_parts_find_it(hospital: Any) -> None:
    """After kill -9 of PostgreSQL every part works again without having been restarted for it."""
    before = signalled(hospital, "postgres", signal.SIGKILL)
    assert until(lambda: hospital.pid("postgres") not in (None, before))
    assert "database ended (SIGKILL)" in hospital.told()
    assert until(hospital.answers)

    assert until(lambda: {"web", "listener", "worker"} <= beating(hospital).keys())


DEFERRED = "SELECT max(defer_timestamp) FROM procrastinate_periodic_defers"


def test_schedules_go_on_after_every_connection_was_cut(hospital: Any) -> None:
    """As after a restart of the database: what is due each minute comes, and the worker does not spin meanwhile."""

    def last() -> int:
        with psycopg.connect(hospital.database_url) as connection:
            return connection.execute(DEFERRED).fetchone()[0] or 0

    until(last, 240)
    before, log = last(), hospital.data / "logs" / "worker.log"
    with psycopg.connect(hospital.database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    written = log.stat().st_size if log.exists() else 0
    assert until(lambda: last() > before, 240)
    assert log.stat().st_size - written < 200_000


def test_a_part_that_lives_but_does_not_work_is_restarted(hospital: Any) -> None:
    """edge-11: what counts is the heartbeat, not the process."""
    before = signalled(hospital, "worker", signal.SIGSTOP)
    assert until(lambda: hospital.pid("worker") not in (None, before))
    assert "worker lives but its heartbeat stands still" in hospital.told()


def test_a_second_up_on_one_folder_is_refused(hospital: Any) -> None:
    """Two supervisors never share a folder, and the second says who has it."""
    second = hospital.command("up", "--port", "0", "--mllp-port", "0", "--no-demo")
    assert second.returncode == 1
    assert f"in use by vardnara up (process {hospital.state()['supervisor']})" in second.stderr
    assert second.stdout == ""


def test_a_taken_port_is_named(hospital: Any, reachable_folder: Path) -> None:
    """Bad input: exit 2, one line a port, nothing on stdout, nothing left in the folder but the lock."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ["up", "--data", str(reachable_folder / "new"), "--port", port, "--mllp-port", "0"]
        ended = hospital.command(*words)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1 and f"127.0.0.1:{port}" in ended.stderr
    assert ended.stdout == ""


def test_ctrl_c_stops_everything_and_a_second_one_is_harmless(running_hospital: Callable[..., Any]) -> None:
    """No process is left, the exit status is 0, and what was stopped on purpose is nowhere shown as failed."""
    hospital = running_hospital(fresh=True)
    family = descendants(hospital.process.pid)
    assert len(family) > 5
    hospital.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert hospital.stop(signal.SIGINT) == 0
    assert not alive(family)
    assert not (hospital.data / "run.json").exists()
    assert "Traceback" not in hospital.told()
    assert "ended" not in hospital.told()
    log = (hospital.data / "logs" / "postgres.log").read_text()
    ended, gone = (set(re.findall(rf"\[(\d+)\] .*{words}", log)) for words in ("terminating connection", "Broken pipe"))
    assert ended <= gone  # everybody had left before the database stopped, though it may not have noticed yet


def test_a_killed_supervisor_takes_everything_along_and_up_works_again(running_hospital: Callable[..., Any]) -> None:
    """kill -9 leaves no orphan: the kernel ends the parts, and the same folder starts again."""
    hospital = running_hospital(fresh=True)
    family = descendants(hospital.process.pid)
    hospital.process.kill()
    hospital.process.wait()
    assert until(lambda: not alive(family), 15)
    assert hospital.command("status").returncode == 1
    hospital.start()
    assert hospital.answers()
    assert hospital.stop(signal.SIGTERM) == 0


def test_the_demo_prints_its_users_and_never_runs_as_the_real_thing(running_hospital: Callable[..., Any]) -> None:
    """Demo users are printed by up; --no-demo refuses the database of an invented hospital."""
    hospital = running_hospital(demo=True, fresh=True, prepared=False, options=("--no-feed",))
    for username, password in hospital.users().values():
        assert username in hospital.told() and password in hospital.told()
    assert hospital.stop() == 0
    refused = hospital.command("up", "--no-demo", "--port", "0", "--mllp-port", "0")
    assert refused.returncode == 1
    assert "invented hospital" in refused.stderr


def test_without_demo_there_is_nobody_and_nothing_invented(hospital: Any) -> None:
    """--no-demo leaves an empty database empty."""
    with psycopg.connect(hospital.database_url) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM accounts_user), (SELECT count(*) FROM hospital_hospital)"
        ).fetchone()
    assert counts == (0, 0)
    assert "sign in" not in hospital.told()


def test_with_database_url_that_server_is_used_and_left_alone(running_hospital: Callable[..., Any]) -> None:
    """In production the region's own server is used: none is started, and it still runs when we stop."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE of_the_region")
    address = server.replace("/vardnara?", "/of_the_region?")
    hospital = running_hospital(fresh=True, environment={"DATABASE_URL": address})
    assert hospital.pid("postgres") is None
    assert not (hospital.data / "postgres").exists()
    assert until(lambda: hospital.command("status").returncode == 0)
    assert hospital.stop() == 0
    with psycopg.connect(address, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM hospital_partheartbeat").fetchone() == (0,)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE of_the_region WITH (FORCE)")

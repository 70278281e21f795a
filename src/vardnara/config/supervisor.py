"""Runs all parts on one machine and keeps them running: database, web, listener, worker and, in a demo, the feed.

A part that dies is started again, later each time; one whose heartbeat stands still is not working, whatever its
process says (edge-11), and is ended and started again; so is a database that does not answer. Every such event is told
on stderr and kept in the part's heartbeat row. Told to stop, the parts end from the outside in: first what brings work,
then what does it, the database last. Killed outright, the kernel ends the parts (:mod:`vardnara.config.children`).

The pages are served by several processes from one socket that the supervisor holds: whichever is free takes the next
connection, and while one starts again nobody is refused.

Django is not imported here: this process must start at once, stay small, and survive what breaks the others.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import psycopg

from vardnara.config import children
from vardnara.config.folder import DataFolder
from vardnara.config.postgres import Cluster
from vardnara.config.schema import fingerprint, hospital_kind
from vardnara.config.watch import FORGET_OURS, SECOND, Watch, row_of
from vardnara.kernel.errors import GatewayError, InputError, RuleBroken
from vardnara.kernel.faults import Fault

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
HEALTHY_SECONDS = 60.0  # ran that long: the next death counts as the first again
START_PATIENCE_SECONDS = 60.0  # for the first heartbeat after a start
READY_PATIENCE_SECONDS = 30.0
STOP_PATIENCE_SECONDS = 8.0
DATABASE_SILENT_SECONDS = 60.0
LOG_BYTES = 20_000_000
ROUND_SECONDS = 0.25
STOP_FIRST = ("feed", "listener")  # what brings work


class Stopped(Exception):
    """We were told to stop while waiting for something."""


@dataclass(frozen=True)
class Wishes:
    """What ``vardnara up`` was asked for."""

    folder: DataFolder
    host: str = "127.0.0.1"
    port: int = 8000
    mllp_host: str = "127.0.0.1"
    mllp_port: int = 2575
    demo: bool = True
    feed: bool = True
    listen_options: tuple[str, ...] = ()
    durable: bool = True
    stall_seconds: float = 20.0
    web_processes: int = 1


@dataclass
class Part:
    """One child process and how it has fared; ``door`` is the socket that it takes over."""

    name: str
    command: list[str]
    log: Path
    beats: bool = True
    door: int | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    delay: float = FIRST_DELAY_SECONDS
    due: float = 0.0
    beat_at: object = None
    beat_seen: float = 0.0
    log_began: int = 0

    def start(self, environment: Mapping[str, str]) -> None:
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        self.log_began = os.fstat(descriptor).st_size
        try:
            self.process = subprocess.Popen(
                self.command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
                pass_fds=() if self.door is None else (self.door,),
                preexec_fn=children.with_parent(signal.SIGKILL),
            )
        finally:
            os.close(descriptor)
        self.started = self.beat_seen = time.monotonic()
        self.beat_at = None

    def stands_still(self, now: float, limit: float) -> bool:
        """Whether the heartbeat has not moved for too long; a part that has just started has more time."""
        patience = limit if self.beat_at is not None else max(limit, START_PATIENCE_SECONDS)
        return self.beats and now - self.beat_seen > patience

    def last_words(self) -> str:
        """What this run of the part logged last: the line, or the message in it."""
        with suppress(OSError), self.log.open("rb") as handle:
            size = handle.seek(0, os.SEEK_END)
            handle.seek(max(self.log_began if self.log_began <= size else 0, size - 4000))
            lines = handle.read().decode(errors="replace").strip().splitlines()
            words = lines[-1] if lines else ""
            with suppress(ValueError, KeyError, TypeError):
                words = str(json.loads(words)["message"])
            return words.strip()[:300]
        return ""


def say(text: str) -> None:
    """Tell whoever runs us what happened, with the time of day."""
    now = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
    print(f"{now} {text}", file=sys.stderr, flush=True)


class Supervisor:
    """Everything that ``vardnara up`` does."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.folder = wishes.folder
        self.began = time.monotonic()
        self.stopping = False
        self.ready = False
        self.parts: dict[str, Part] = {}
        self.cluster: Cluster | None = None
        self.database_due = 0.0
        self.database_delay = FIRST_DELAY_SECONDS
        self.watch: Watch | None = None
        self.url = ""
        self.invented = False
        self.environment: dict[str, str] = {}
        self.door: socket.socket | None = None
        self.knock: socket.socket | None = None
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        os.set_blocking(self._wake_read, False)

    # ------------------------------------------------------------------ the whole story

    def run(self) -> int:
        """Start, watch until told to stop, stop. Returns the exit status."""
        self.folder.make()
        with self.folder.lock("up"):
            self.folder.forget("run.json")  # a killed predecessor's
            self._listen_to_signals()
            self._ports_check()
            try:
                self._start()
                while True:
                    self._pause(ROUND_SECONDS)
                    self._look_after()
            except Stopped:
                return 0
            finally:
                self.stopping = True
                self._stop()

    def _start(self) -> None:
        self._database_start()
        self._prepare()
        self._parts_start()
        self._write_state()
        self._wait_ready()
        self.ready = True
        self._write_state()
        self._announce()

    # ------------------------------------------------------------------ signals and waiting

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        signal.signal(signal.SIGCHLD, self._woken)

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
        self._woken(number, frame)

    def _woken(self, number: int, frame: FrameType | None) -> None:
        with suppress(BlockingIOError):
            os.write(self._wake_write, b".")

    def _pause(self, seconds: float) -> None:
        """Wait, but no longer than until a child ends or we are told to stop."""
        if not self.stopping:
            select.select([self._wake_read], [], [], seconds)
            with suppress(BlockingIOError):
                os.read(self._wake_read, 4096)
        if self.stopping:
            raise Stopped

    # ------------------------------------------------------------------ starting

    def _ports_check(self) -> None:
        """Take the pages' port, and see that the listener can take its own."""
        faults = []
        for option, host, port in (
            ("--port", self.wishes.host, self.wishes.port),
            ("--mllp-port", self.wishes.mllp_host, self.wishes.mllp_port),
        ):
            found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
            try:
                found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                found.bind((host, port))
            except OSError as error:
                faults.append(Fault(option, "", f"{host}:{port} cannot be used: {error.strerror}", "a free port"))
            if option == "--port":
                self.door = found
            else:
                found.close()
        if faults:
            raise InputError(faults)

    def _database_start(self) -> None:
        self.url = os.environ.get("DATABASE_URL", "")
        if not self.url:
            log = self.folder.log_path("postgres")
            self.cluster = Cluster.of(self.folder.path, durable=self.wishes.durable, log=log)
            if not self.cluster.exists:
                say(f"making a new database in {self.cluster.place}")
            self.cluster.start()
            self.cluster.wait()
            self.cluster.database_make()
            self.url = self.cluster.url()
        self.environment = os.environ | {
            "DATABASE_URL": self.url,
            "VARDNARA_DATA": str(self.folder.path),
            "VARDNARA_INSTANCE": os.environ.get("VARDNARA_INSTANCE") or self.folder.instance,
            "VARDNARA_SECRET_KEY": os.environ.get("VARDNARA_SECRET_KEY") or self.folder.secret_key(),
            "PYTHONUNBUFFERED": "1",
        }

    def _prepare(self) -> None:
        """Migrate and load the demo, in a process of its own and only when there is something to do."""
        if self._prepared():
            return
        say("bringing the tables up to date")
        options = ["--data", str(self.folder.path)] + ([] if self.wishes.demo else ["--no-demo"])
        process = subprocess.Popen(
            command_of("prepare", *options),
            env=self.environment | {"VARDNARA_DEMO": "1" if self.wishes.demo else "0"},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            preexec_fn=children.with_parent(signal.SIGTERM),
        )
        try:
            while process.poll() is None:
                self._pause(1)
        finally:
            children.stop(process, ask=signal.SIGTERM, patience_seconds=STOP_PATIENCE_SECONDS)
        if process.returncode:
            raise GatewayError("prepare_failed", "the database could not be prepared; the reason stands above")
        self._prepared()

    def _prepared(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=10) as connection:
                now = fingerprint(connection)
                if now is None or now != (self.folder.read_json("prepared.json") or {}).get("fingerprint"):
                    return False
                kind = hospital_kind(connection)
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise GatewayError("database_unreachable", f"the database does not answer: {reason}") from error
        if kind == "invented" and not self.wishes.demo:
            raise RuleBroken("demo_inside", "the database holds the invented hospital; --no-demo needs another --data")
        self.invented = kind == "invented"
        self.environment["VARDNARA_DEMO"] = "1" if self.invented else "0"
        if not self.wishes.demo or kind == "real":
            return True
        return self.invented and self.folder.read_json("demo_users.json") is not None

    def _parts_start(self) -> None:
        wishes = self.wishes
        assert self.door is not None
        door = self.door.fileno()
        web = ["web", "--socket", str(door)]
        commands = {
            "web": web,
            **{f"web{SECOND}{number}": web for number in range(2, wishes.web_processes + 1)},
            "listener": [
                "listen",
                "--host",
                wishes.mllp_host,
                "--port",
                str(wishes.mllp_port),
                *wishes.listen_options,
            ],
            "worker": ["worker"],
        }
        for name, words in commands.items():
            log = self.folder.log_path(name.replace(SECOND, "-"))
            self.parts[name] = Part(name, command_of(*words), log, door=door if words is web else None)
        if self.invented and wishes.feed:
            feed = command_of("feed", "--live", "--port", str(wishes.mllp_port))
            self.parts["feed"] = Part("feed", feed, self.folder.log_path("feed"), beats=False)
        self.watch = Watch(self.url, self.environment["VARDNARA_INSTANCE"])
        self._forget_heartbeats()  # a killed predecessor's
        for part in self.parts.values():
            if part.name != "feed" and SECOND not in part.name:  # those wait until a page can be seen
                part.start(self._environment_of(part))
        self.watch.begin()

    def _environment_of(self, part: Part) -> dict[str, str]:
        _, instance = row_of(part.name, self.environment["VARDNARA_INSTANCE"])
        pool = {"VARDNARA_DB_POOL": "1"} if part.door is not None else {}
        return self.environment | {"VARDNARA_INSTANCE": instance} | pool

    def _wait_ready(self) -> None:
        ends = time.monotonic() + READY_PATIENCE_SECONDS
        waiting = {"web": self._web_answers, "listener": self._listener_answers}
        while waiting and time.monotonic() < ends:
            waiting = {name: answers for name, answers in waiting.items() if not answers()}
            if waiting:
                self._pause(0.05)
                self._look_after()
        for name in waiting:
            say(f"{name} does not answer yet; its log is {self.parts[name].log}")
        for part in self.parts.values():
            if part.process is None:
                part.start(self._environment_of(part))

    def _web_answers(self) -> bool:
        """Whether a page has come. The door may stand open before anybody is behind it: one knock waits for that."""
        try:
            if self.knock is None:
                self.knock = socket.create_connection((_reach(self.wishes.host), self.wishes.port), timeout=1)
                self.knock.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            if not select.select([self.knock], [], [], 0)[0]:
                return False
            came = self.knock.recv(12).startswith(b"HTTP/1.")
        except OSError:
            came = False
        if self.knock is not None:
            self.knock.close()
            self.knock = None
        return came

    def _listener_answers(self) -> bool:
        try:
            socket.create_connection((_reach(self.wishes.mllp_host), self.wishes.mllp_port), timeout=1).close()
        except OSError:
            return False
        return True

    def _announce(self) -> None:
        wishes = self.wishes
        seconds = time.monotonic() - self.began
        lines = [
            f"Vardnara runs, after {seconds:.1f} s. Ctrl-C stops it.",
            f"  page      http://{_shown(wishes.host)}:{wishes.port}/",
            f"  HL7 v2    {_shown(wishes.mllp_host)}:{wishes.mllp_port} (MLLP)",
            f"  data      {self.folder.path}",
        ]
        if self.cluster is None:
            lines.append("  database  the server of DATABASE_URL")
        users = (self.folder.read_json("demo_users.json") or {}).get("users", []) if self.invented else []
        if users:
            lines.append("  The hospital is invented. Who can sign in:")
            width = max(len(user["username"]) for user in users)
            lines += [f"    {user['username']:<{width}}  {user['password']}  {user['role']}" for user in users]
        print("\n".join(lines), flush=True)

    def _write_state(self) -> None:
        self.folder.write_json(
            "run.json",
            {
                "supervisor": os.getpid(),
                "ready": self.ready,
                "database_url": self.url,
                "postgres": self.cluster.process.pid if self.cluster and self.cluster.process else None,
                "host": self.wishes.host,
                "port": self.wishes.port,
                "mllp_host": self.wishes.mllp_host,
                "mllp_port": self.wishes.mllp_port,
                "demo": self.invented,
                "instance": self.environment["VARDNARA_INSTANCE"],
                "parts": {
                    part.name: {"pid": part.process.pid if part.process else None, "restarts": part.restarts}
                    for part in self.parts.values()
                },
            },
        )

    # ------------------------------------------------------------------ watching

    def _look_after(self) -> None:
        """One round: database, parts, heartbeats, logs."""
        now = time.monotonic()
        self._database_look_after(now)
        for part in self.parts.values():
            self._part_look_after(part, now)

    def _database_look_after(self, now: float) -> None:
        cluster = self.cluster
        if cluster is None or cluster.process is None:
            return
        status = cluster.process.poll()
        if status is None:
            if self.watch and now - self.watch.answered > DATABASE_SILENT_SECONDS:
                say(f"database has not answered for {DATABASE_SILENT_SECONDS:.0f} s and is ended")
                self.watch.answered = now
                cluster.process.send_signal(signal.SIGQUIT)
            return
        if not self.database_due:
            say(f"database ended ({_ending(status)}); starting it again")
            if self.watch:
                self.watch.note("database", f"restarted: {_ending(status)}")
            self.database_due = now
        if now < self.database_due:
            return
        cluster.start()
        try:
            cluster.wait(patience_seconds=5)
        except GatewayError as error:
            if cluster.process.poll() is not None:
                say(f"{error.detail}; next try in {self.database_delay:.1f} s")
                self.database_due = time.monotonic() + self.database_delay
                self.database_delay = min(self.database_delay * 2, LONGEST_DELAY_SECONDS)
                return
        self.database_due = 0.0
        self.database_delay = FIRST_DELAY_SECONDS
        for part in self.parts.values():
            part.beat_seen = time.monotonic()
        self._write_state()

    def _part_look_after(self, part: Part, now: float) -> None:
        if part.process is None:
            return
        status = part.process.poll()
        if status is None:
            self._heartbeat_check(part, now)
            _log_trim(part.log)
            return
        if not part.due:
            if now - part.started > HEALTHY_SECONDS:
                part.delay = FIRST_DELAY_SECONDS
            part.due = now + part.delay
            words = part.last_words()
            say(
                f"{part.name} ended ({_ending(status)}), starting again in {part.delay:.1f} s"
                + f": {words}" * bool(words)
            )
            part.delay = min(part.delay * 2, LONGEST_DELAY_SECONDS)
            if self.watch:
                self.watch.note(part.name, f"restarted: {_ending(status)}")
        if now >= part.due:
            part.due = 0.0
            part.restarts += 1
            part.start(self._environment_of(part))
            self._write_state()

    def _heartbeat_check(self, part: Part, now: float) -> None:
        if self.watch is None or part.process is None:
            return
        beat_at = self.watch.beats.get(part.name)
        if beat_at != part.beat_at and beat_at is not None:
            part.beat_at, part.beat_seen = beat_at, now
        if now - self.watch.answered > 3:  # nobody can write a heartbeat while the database is away
            part.beat_seen = now
        if part.stands_still(now, self.wishes.stall_seconds):
            say(f"{part.name} lives but its heartbeat stands still; it is ended")
            part.beat_seen = now
            part.process.kill()

    # ------------------------------------------------------------------ stopping

    def _stop(self) -> None:
        """End everything, from the outside in. More signals meanwhile change nothing."""
        if self.watch:
            self.watch.end()
        for first in (True, False):
            group = [part.process for name, part in self.parts.items() if (name in STOP_FIRST) is first]
            running = [process for process in group if process is not None]
            for process in running:
                if process.poll() is None:
                    process.terminate()
            ends = time.monotonic() + STOP_PATIENCE_SECONDS
            for process in running:
                left = max(0.0, ends - time.monotonic())
                children.stop(process, ask=signal.SIGTERM, patience_seconds=left)
        self._forget_heartbeats()
        if self.cluster is not None:
            self.cluster.stop()
        self.folder.forget("run.json")

    def _forget_heartbeats(self) -> None:
        """Remove our rows: what was stopped on purpose is not a part that fails."""
        if self.watch is None:
            return
        with suppress(psycopg.Error), psycopg.connect(self.url, autocommit=True, connect_timeout=3) as connection:
            connection.execute(FORGET_OURS, {"instance": self.watch.instance})


def command_of(*words: str) -> list[str]:
    """Return the command line of a Vardnara command, run by this Python, safe from modules in the current folder."""
    return [sys.executable, "-P", "-m", "vardnara.config.command", *words]


def _ending(status: int) -> str:
    if status < 0:
        with suppress(ValueError):
            return signal.Signals(-status).name
    return f"exit status {status}"


def _reach(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _shown(host: str) -> str:
    host = _reach(host)
    return f"[{host}]" if ":" in host else host


def _log_trim(path: Path) -> None:
    """Keep a log and the one before it: the writers append, so the file can be emptied under them."""
    with suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES:
            shutil.copyfile(path, path.with_suffix(".log.1"))
            os.truncate(path, 0)

"""The supervisor's eye on the database: the parts' signs of life are read, its own and notes of restarts written.

Django is not imported here, as the supervisor must survive what breaks the others.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import psycopg

from vardnara.config.parts.heartbeat import WRITE

SECOND = "/"  # before the number of a further process of one part, in its name and in its heartbeat's instance


@dataclass
class Watch:
    """Talks to the database in a thread of its own, so that one that hangs cannot hold up the supervisor.

    Reads the parts' heartbeats, writes the supervisor's and the notes about restarts.
    """

    url: str
    instance: str
    beats: dict[str, object] = field(default_factory=dict)
    answered: float = field(default_factory=time.monotonic)
    _notes: list[tuple[str, str]] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Leave the database; one that hangs is not waited for."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(2)

    def note(self, part: str, text: str) -> None:
        """Count a restart in the part's row, as soon as the database can be reached; its signs of life are past."""
        with self._guard:
            self._notes.append((part, text))
            self.beats = {name: beat for name, beat in self.beats.items() if name != part}

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
                    first = True
                    while not self._ended.wait(0 if first else 1):
                        self.round(connection, first=first)
                        self.answered = time.monotonic()
                        first = False
            except psycopg.Error as error:
                if error.sqlstate or "starting up" in str(error) or "shutting down" in str(error):
                    self.answered = time.monotonic()  # it spoke, and recovery may take its time
                self._ended.wait(0.5)

    def round(self, connection: psycopg.Connection, *, first: bool) -> None:
        """Write our own sign and the notes, and read the parts' signs."""
        for part in ("supervisor", "database"):
            connection.execute(WRITE, {"part": part, "instance": self.instance, "first": first})
        while self._notes:
            part, text = self._notes[0]
            name, instance = row_of(part, self.instance)
            connection.execute(WRITE_NOTE, {"part": name, "instance": instance, "note": text[:200]})
            with self._guard:
                self._notes.pop(0)
        rows = connection.execute(READ_BEATS, {"instance": self.instance}).fetchall()
        with self._guard:
            ended = {part for part, _ in self._notes}
            self.beats = {part: beat_at for part, beat_at in rows if part not in ended}


# a restart makes start and sign one moment: until the new run shows its own, there is none to be read
WRITE_NOTE = """
INSERT INTO hospital_partheartbeat (part, instance, started_at, beat_at, restarts, note)
VALUES (%(part)s, %(instance)s, now(), now(), 1, %(note)s)
ON CONFLICT (part, instance) DO UPDATE
SET started_at = now(), beat_at = now(), restarts = hospital_partheartbeat.restarts + 1, note = excluded.note
"""
READ_BEATS = """
SELECT part || substr(instance, length(%(instance)s) + 1), beat_at FROM hospital_partheartbeat
WHERE (instance = %(instance)s OR starts_with(instance, %(instance)s || '/')) AND beat_at > started_at
"""
FORGET_OURS = """
DELETE FROM hospital_partheartbeat WHERE instance = %(instance)s OR starts_with(instance, %(instance)s || '/')
"""


def row_of(name: str, instance: str) -> tuple[str, str]:
    """Part and instance of a process's heartbeat: ``web/2`` of ``here`` is ``web`` of ``here/2``."""
    part, number = name.partition(SECOND)[::2]
    return part, instance + SECOND + number if number else instance

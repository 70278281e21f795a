"""The worker: applies what waits in the inbox as soon as it is told, and runs jobs and schedules.

As many workers as wanted may run, on any machines: a lock in the database guards applying, Procrastinate the jobs.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from datetime import UTC, datetime

import psycopg
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connections
from procrastinate.contrib.django import app as jobs

from vardnara.apps.hospital.events import INBOX_CHANNEL
from vardnara.apps.hospital.services.applying import BATCH, inbox_apply
from vardnara.apps.service.services import day_plans_keep
from vardnara.config.parts.heartbeat import Heartbeat
from vardnara.config.parts.warming import Warming

logger = logging.getLogger(__name__)
IDLE_SECONDS = 1.0  # how long to wait for a notification before looking anyway
PACE_SECONDS = 0.08  # from one batch to the next: a batch costs the same for one message as for five
JOBS_AT_ONCE = 2


class Worker:
    """One process: the applying loop in the main thread, Procrastinate's loop beside it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._stopping = threading.Event()
        self._jobs_failed: BaseException | None = None
        self._jobs_loop: asyncio.AbstractEventLoop | None = None
        self._jobs_task: asyncio.Task[None] | None = None
        self._warming = Warming()

    def stop(self, *_: object) -> None:
        """End after the batch in hand."""
        self._stopping.set()

    def run(self) -> int:
        """Work until stopped. A database that is away is waited for; jobs that cannot run end the process."""
        thread = threading.Thread(target=self._run_jobs, name="jobs", daemon=True)
        thread.start()
        heartbeat = Heartbeat("worker")
        pause = 0.2
        while not self._stopping.is_set() and self._jobs_failed is None:
            try:
                with psycopg.connect(self._address, autocommit=True) as listening:
                    listening.execute(f"LISTEN {INBOX_CHANNEL}")
                    pause = 0.2
                    day_plans_keep(at=datetime.now(UTC))  # whoever opens a page now sees today's work
                    self._apply_when_told(listening, heartbeat)
            except (psycopg.Error, DatabaseError) as error:
                logger.warning("the worker lost the database: %s", str(error).strip())
                connections.close_all()
                self._stopping.wait(pause)
                pause = min(pause * 2, 2)
        self._stop_jobs(thread)
        self._warming.close()
        heartbeat.close()
        connections.close_all()
        if self._jobs_failed is not None:
            logger.error("jobs cannot run: %r", self._jobs_failed)
            return 1
        return 0

    def _apply_when_told(self, listening: psycopg.Connection, heartbeat: Heartbeat) -> None:
        while not self._stopping.is_set() and self._jobs_failed is None:
            heartbeat.beat()
            self._warming.look()
            close_old_connections()
            began = time.monotonic()
            applied = inbox_apply(at=datetime.now(UTC))
            if applied:
                if applied < BATCH:
                    self._stopping.wait(max(0.0, began + PACE_SECONDS - time.monotonic()))
                continue
            for _ in listening.notifies(timeout=IDLE_SECONDS, stop_after=1):
                pass

    def _run_jobs(self) -> None:
        """Procrastinate in its own event loop; comes back after a lost database, as long as it is a database error."""
        while not self._stopping.is_set():
            try:
                asyncio.run(self._jobs())
            except (psycopg.Error, DatabaseError, OSError) as error:
                logger.warning("jobs wait for the database: %s", str(error).strip())
                time.sleep(1)
            except asyncio.CancelledError:
                return
            except Exception as error:
                if "connector" in type(error).__name__.lower() or isinstance(error.__cause__, psycopg.Error):
                    logger.warning("jobs wait for the database: %s", error)
                    time.sleep(1)
                    continue
                self._jobs_failed = error
                return
            else:
                self._stopping.wait(1)  # it ends by itself, without a word, when its schedule loses the database

    async def _jobs(self) -> None:
        self._jobs_loop = asyncio.get_running_loop()
        await sync_to_async(connections.close_all)()  # schedules write through Django, in a thread that keeps its own
        worker_app = jobs.with_connector(jobs.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker_app.open_async():
            self._jobs_task = asyncio.create_task(
                worker_app.run_worker_async(
                    install_signal_handlers=False, concurrency=JOBS_AT_ONCE, delete_jobs="successful"
                )
            )
            await self._jobs_task

    def _stop_jobs(self, thread: threading.Thread) -> None:
        if self._jobs_loop is not None and self._jobs_task is not None and self._jobs_loop.is_running():
            self._jobs_loop.call_soon_threadsafe(self._jobs_task.cancel)
        thread.join(timeout=5)


def main() -> int:
    """Run one worker until SIGTERM or SIGINT; returns the exit status."""
    worker = Worker(os.environ["DATABASE_URL"])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    return worker.run()

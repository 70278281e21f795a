"""``vardnara feed``: a plausible ADT feed for the hospital in the database, to a file or played live."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from vardnara.config.command.registry import command_add, data_option
from vardnara.config.command.session import hospital_open
from vardnara.kernel.errors import GatewayError, InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.local_time import day_bounds, local_date, local_to_utc

if TYPE_CHECKING:
    from vardnara.engines.feed import FeedEvent, FeedOrder, FeedVisit

START_DEFAULT = "2026-03-02"  # a fixed Monday, so that the same seed is the same feed on any day
SPEED_DEFAULT = 20.0
LIVE_DAYS = 3650  # a live feed without --days goes on until it is stopped
RETRY_SECONDS = (1, 2, 4, 8, 15)
SETTLE_SECONDS = 30  # how long a live feed waits for earlier messages to be applied before it looks who lies where
LIVELY_WEEKDAY, LIVELY_TIME = 1, time(9, 45)
SEED_STEP = 1_000_003  # a live feed that goes on does not repeat the chances of its beginning


def register(subparsers: Any) -> None:
    """Declare ``feed``."""
    parser = command_add(subparsers, "feed")
    parser.add_argument("--days", type=_days, metavar="N", help="length in days (with --live: until stopped)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same feed (default 1)")
    parser.add_argument("--start", metavar="DATE", help=f"first local day (default {START_DEFAULT}; --live: now)")
    parser.add_argument("--hospital", default="", metavar="CODE", help="which hospital, where there is more than one")
    parser.add_argument("--empty", action="store_true", help="begin with an empty hospital instead of a lived-in one")
    parser.add_argument("--out", metavar="FILE", help="write the messages to FILE instead of stdout")
    parser.add_argument(
        "--live", action="store_true", help="send over MLLP as time passes, going on from who lies there"
    )
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help="with --live: listener (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=2575, metavar="P", help="with --live: its port (default 2575)")
    parser.add_argument(
        "--speed",
        type=_speed,
        default=SPEED_DEFAULT,
        metavar="X",
        help=f"with --live: hours of hospital life in an hour (default {SPEED_DEFAULT:g}); times are those of sending",
    )
    data_option(parser)


def _days(text: str) -> int:
    days = int(text)
    if days < 0:
        raise argparse.ArgumentTypeError("0 or more days")
    return days


def _speed(text: str) -> float:
    speed = float(text)
    if not 0.01 <= speed <= 100_000:
        raise argparse.ArgumentTypeError("between 0.01 and 100000")
    return speed


def run(args: argparse.Namespace) -> int:
    """Make the feed, or play it."""
    if args.live and (args.out or args.start or args.empty):
        raise InputError([Fault("feed", "", "--live with --out, --start or --empty", "either a file or a live feed")])
    if not args.live and args.days is None:
        raise InputError([Fault("feed", "", "no --days", "--days N, or --live")])
    start = _start(args.start or START_DEFAULT)
    with hospital_open(args, "feed"):
        if args.live:
            return _live(args)
        return _file(args, start)


def _start(text: str) -> datetime:
    try:
        return day_bounds(date.fromisoformat(text))[0]
    except ValueError:
        raise InputError([Fault("feed", "", f"--start {text}", "a date such as 2026-03-02")]) from None


def _file(args: argparse.Namespace, start: datetime) -> int:
    from vardnara.apps.hospital.queries.feed import feed_hospital
    from vardnara.engines.feed import FeedOrder, feed_events
    from vardnara.gateways.hl7.writer import FeedSender, messages_write

    hospital = feed_hospital(args.hospital)
    order = FeedOrder(hospital, start, args.days, args.seed, warm=not args.empty)
    sender = FeedSender(str(args.seed), hospital.code)
    count = 0
    with _target(args.out) as stream:
        for message in messages_write(feed_events(order), sender):
            stream.write(message + b"\n")
            count += 1
    print(f"{count} messages, {args.days} days from {start.isoformat()}, seed {args.seed}", file=sys.stderr)
    return 0


@contextlib.contextmanager
def _target(name: str | None) -> Iterator[BinaryIO]:
    """The file that appears whole or not at all, or stdout."""
    if name is None:
        yield sys.stdout.buffer
        return
    path = Path(name)
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as stream:
            yield stream
        draft.replace(path)
    except OSError as error:
        raise InputError([Fault(name, "", f"cannot be written ({error.strerror})", "a path to write to")]) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _live(args: argparse.Namespace) -> int:
    from django.db import connections

    opened_at = datetime.now(UTC).replace(microsecond=0)
    order, run_name = _live_order(args, opened_at)
    connections.close_all()
    print(
        f"live feed to {args.host}:{args.port} at {args.speed:g} times: {len(order.present)} patients in bed, "
        f"next message {order.serial_first}",
        file=sys.stderr,
        flush=True,
    )
    return asyncio.run(_play(args, order, run_name, opened_at))


def _live_order(args: argparse.Namespace, opened_at: datetime) -> tuple[FeedOrder, str]:
    """Go on from who lies in the hospital now; an empty one gets its patients first."""
    from time import sleep

    from vardnara.apps.hospital.queries.feed import feed_hospital, feed_messages_waiting, feed_standing
    from vardnara.engines.feed import FeedOrder
    from vardnara.gateways.hl7.writer import APPLICATION, ISSUER

    for _ in range(SETTLE_SECONDS * 2):
        if feed_messages_waiting() == 0:
            break
        sleep(0.5)
    run_name = f"L{args.seed}"
    hospital = feed_hospital(args.hospital)
    standing = feed_standing(application=APPLICATION, issuer=ISSUER, run=run_name, at=opened_at)
    start_at = opened_at if args.speed == 1 else lively_start(opened_at)
    order = FeedOrder(
        hospital,
        start_at,
        LIVE_DAYS if args.days is None else args.days,
        args.seed * SEED_STEP + standing.serial_first,
        present=tuple(
            replace(present, since_at=present.since_at - (opened_at - start_at)) for present in standing.present
        ),
        patient_first=standing.patient_first,
        newborn_first=standing.newborn_first,
        visit_first=standing.visit_first,
        serial_first=standing.serial_first,
        taken=standing.taken,
    )
    return order, run_name


async def _play(args: argparse.Namespace, order: FeedOrder, run_name: str, opened_at: datetime) -> int:
    """Send each message when its time has come; a message is sent again until it is answered."""
    from vardnara.engines.feed import feed_events
    from vardnara.gateways.hl7.writer import FeedSender, message_write
    from vardnara.gateways.mllp.client import MllpClient

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    sender = FeedSender(run_name, order.hospital.code)
    client = MllpClient(args.host, args.port)
    parent = os.getppid()
    try:
        for event in feed_events(order):
            message = event_retime(event, order.start_at, args.speed, opened_at)
            wait = (message.sent_at - datetime.now(UTC)).total_seconds()
            if wait > 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), wait)
            if stopping.is_set() or os.getppid() != parent:
                return 0
            client = await _send(client, args, message_write(message, sender), stopping)
    finally:
        with contextlib.suppress(GatewayError, OSError):
            await client.close()
    return 0


async def _send(client: Any, args: argparse.Namespace, message: bytes, stopping: asyncio.Event) -> Any:
    """Send until answered, on a new connection after each failure; returns the connection that works."""
    from vardnara.gateways.mllp.client import MllpClient

    tries = 0
    while not stopping.is_set():
        try:
            answer = await client.send(message)
            if answer is not None:
                if b"MSA|AA" not in answer and b"MSA|CA" not in answer:
                    print(f"not accepted: {answer[:400]!r}", file=sys.stderr, flush=True)
                return client
        except (GatewayError, OSError) as error:
            if tries == 0:
                print(f"waiting for the listener: {error}", file=sys.stderr, flush=True)
        with contextlib.suppress(GatewayError, OSError):
            await client.close()
        client = MllpClient(args.host, args.port)
        pause = RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)]
        tries += 1
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
    return client


def lively_start(at: datetime) -> datetime:
    """The latest Tuesday morning, when rounds are done and patients begin to leave: a demo shall not open at night."""
    day = local_date(at)
    day -= timedelta(days=(day.weekday() - LIVELY_WEEKDAY) % 7)
    start = local_to_utc(datetime.combine(day, LIVELY_TIME))
    return start if start <= at else local_to_utc(datetime.combine(day - timedelta(days=7), LIVELY_TIME))


def event_retime(event: FeedEvent, start_at: datetime, speed: float, opened_at: datetime) -> FeedEvent:
    """The event as if hospital life, at ``start_at`` when the feed opened, ran at ``speed`` from then on.

    A live feed shall not write times of tomorrow: people tap on the same boards at their own speed. What was before
    the start is moved as a whole and keeps its length.
    """
    if speed == 1 and start_at == opened_at:
        return event

    def moved(at: datetime | None) -> datetime | None:
        if at is None:
            return None
        since = (at - start_at).total_seconds()
        return opened_at + timedelta(seconds=int(since if since <= 0 else since / speed))

    def shown(visit: FeedVisit | None) -> FeedVisit | None:
        if visit is None:
            return None
        return visit._replace(
            admitted_at=moved(visit.admitted_at),
            left_at=moved(visit.left_at),
            expected_discharge_at=moved(visit.expected_discharge_at),
            leave_until_at=moved(visit.leave_until_at),
        )

    return event._replace(
        effect_at=moved(event.effect_at) or event.effect_at,
        recorded_at=moved(event.recorded_at) or event.recorded_at,
        sent_at=moved(event.sent_at) or event.sent_at,
        visit=shown(event.visit),
        second=shown(event.second),
    )

"""Kill -9 of everything at random moments while a real sender sends: nothing acknowledged is lost, nothing twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from vardnara.config.command.send import shares_of
from vardnara.gateways.hl7.reader import digest, header_read
from vardnara.gateways.mllp.client import MllpClient
from vardnara.gateways.mllp.framing import messages_in_file
from vardnara.kernel.errors import GatewayError

N_MESSAGES = 20_000
CONNECTIONS = 6
ROUNDS = 4  # each part dies so often, in an order of chance: a part that dies again and again waits longer to start
PARTS = ("listener", "worker", "postgres")
DEMO = Path(__file__).parents[2] / "src" / "vardnara" / "apps" / "hospital" / "demo"


async def send_until_acknowledged(port: Callable[[], int], share: list[bytes], acknowledged: set[bytes]) -> None:
    """A sender as real ones are: one message at a time, the same again until it is acknowledged."""
    client = None
    for message in share:
        while digest(message) not in acknowledged:
            try:
                if client is None:
                    client = MllpClient("127.0.0.1", port(), timeout_seconds=10)
                answer = await client.send(message)
                if answer is not None and b"|AA|" in answer:
                    acknowledged.add(digest(message))
                    continue
                raise GatewayError("refused", repr(answer))
            except GatewayError as error:
                assert error.code != "refused", error.detail
                if client is not None:
                    await client.close()
                client = None
                await asyncio.sleep(0.1)
    if client is not None:
        await client.close()


@pytest.mark.crash
def test_nothing_is_lost_and_nothing_happens_twice(running_hospital: Any) -> None:
    """20,000 messages, three parts killed again and again, fsync on; then ``verify`` proves invariants 1 to 3."""
    hospital = running_hospital(durable=True, fresh=True)
    assert hospital.command("import", str(DEMO)).returncode == 0
    feed = hospital.data / "feed.hl7"
    made = hospital.command("feed", "--days", "60", "--seed", "11", "--empty", "--out", str(feed))
    assert made.returncode == 0, made.stderr
    messages = list(messages_in_file(feed.read_bytes()))[:N_MESSAGES]
    assert len(messages) == N_MESSAGES
    acknowledged: set[bytes] = set()
    done = threading.Event()
    kills = dict.fromkeys(PARTS, 0)
    chance = random.Random(20260301)

    def kill_now_and_then() -> None:
        while min(kills.values()) < ROUNDS and not done.wait(chance.uniform(1.0, 4.0)):
            part = chance.choice([part for part in PARTS if kills[part] == min(kills.values())])
            pid = hospital.pid(part)
            if pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    kills[part] += 1

    chaos = threading.Thread(target=kill_now_and_then)
    chaos.start()
    try:

        async def all_senders() -> None:
            shares = shares_of(messages, CONNECTIONS)
            await asyncio.gather(
                *[send_until_acknowledged(lambda: hospital.mllp_port, share, acknowledged) for share in shares]
            )

        asyncio.run(asyncio.wait_for(all_senders(), 480))
        chaos.join(timeout=120)
    finally:
        done.set()
        chaos.join()
    assert min(kills.values()) == ROUNDS, kills
    numbers = wait_for(hospital, lambda numbers: numbers["inbox"]["waiting"] == 0, seconds=270)

    distinct = {digest(message): header_read(message).control_id for message in messages}
    with psycopg.connect(hospital.database_url) as connection:
        stored = connection.execute("SELECT digest, control_id FROM hospital_inboxmessage").fetchall()
    assert sorted((bytes(d), c) for d, c in stored) == sorted(distinct.items())
    assert acknowledged == set(distinct)
    assert numbers["inbox"]["received"] == len(distinct)
    proof = hospital.command("verify")
    assert (proof.returncode, proof.stderr) == (0, ""), proof.stdout[-2000:]


def wait_for(hospital: Any, good: Callable[[Any], bool], *, seconds: float) -> Any:
    """The numbers of ``vardnara status`` once they are good."""
    ends = time.monotonic() + seconds
    while True:
        told = hospital.command("status", "--json")
        numbers = json.loads(told.stdout) if told.returncode == 0 else None
        if numbers is not None and good(numbers):
            return numbers
        assert time.monotonic() < ends, told.stdout + told.stderr
        time.sleep(2)  # a look is a process of its own: often, it would take the time from the parts

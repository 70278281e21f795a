"""Durable acknowledgement: messages a second, beside bare durable one-row inserts on the same server in the same run.

Two floors, on one connection, one small row and one commit at a time, fsync on: ``floor`` is an INSERT and a COMMIT
as psycopg does by default (BEGIN, INSERT and COMMIT are a round trip each), ``autocommit_floor`` is one prepared
statement that commits itself, the least that is possible. Against them stand MLLP messages through the real listener
process, on one connection and on eight, each waiting for its answer. The numbers to reach are multiples of ``floor``;
the ratio to the other is printed beside it. With ``--flat N`` the listener takes N messages and its memory is read ten
times on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg

from vardnara.config.postgres import Cluster
from vardnara.gateways.mllp.client import MllpClient

NEEDED = {1: 0.5, 8: 1.3}  # multiples of the floor, as the issue asks


def message(serial: int) -> bytes:
    """An ADT message of ordinary size (about 400 bytes)."""
    pv1 = "|".join(["PV1", "1", "I", "K31^4^2^FJ", *[""] * 15, f"V{serial % 5000}"])
    return (
        rf"MSH|^~\&|EHR|FJ|VN|FJ|20260301120000||ADT^A08^ADT_A01|B{serial}|P|2.5.1||||||UNICODE UTF-8" + "\r"
        "EVN|A08|20260301120000||||20260301115500\r"
        f"PID|1||{serial % 5000}^^^FJ^PI||Åström^Örjan||19500102|M|||Storgatan 1^^Fjällhem^^83131^SE\r"
        f"{pv1}\r"
        "PV2|||||||||20260305\r"
    ).encode()


def floor(url: str, seconds: float, *, autocommit: bool) -> float:
    """Bare durable one-row inserts a second."""
    with psycopg.connect(url, autocommit=autocommit) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_floor (id bigserial PRIMARY KEY, t text)")
        connection.commit()
        n, ends = 0, time.monotonic() + seconds
        began = time.monotonic()
        while time.monotonic() < ends:
            connection.execute("INSERT INTO bench_floor (t) VALUES (%s)", ["x" * 40], prepare=True)
            if not autocommit:
                connection.commit()
            n += 1
        return n / (time.monotonic() - began)


def send_for(port: int, first: int, seconds: float, connections: int, counts: object) -> None:
    """Senders of one process: ``connections`` connections, each waiting for every answer."""

    async def one(stem: int) -> int:
        n, ends = 0, time.monotonic() + seconds
        async with MllpClient("127.0.0.1", port) as client:
            while time.monotonic() < ends:
                answer = await client.send(message(stem + n))
                if answer is None or b"MSA|AA" not in answer:
                    raise SystemExit(f"not acknowledged: {answer!r}")
                n += 1
        return n

    async def all_of_them() -> int:
        return sum(await asyncio.gather(*[one(first + i * 100_000_000) for i in range(connections)]))

    counts.put(asyncio.run(all_of_them()))  # type: ignore[attr-defined]


def acknowledged(port: int, first: int, seconds: float, connections: int) -> float:
    """Acknowledged messages a second, senders in a process of their own."""
    counts: multiprocessing.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=send_for, args=(port, first, seconds, connections, counts))
    began = time.monotonic()
    process.start()
    n = counts.get()
    process.join()
    return n / min(time.monotonic() - began, seconds + 1)


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5, help="length of each measurement (default 5)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median ratio counts (default 3)")
    parser.add_argument("--flat", type=int, default=0, metavar="N", help="also take N messages and watch the memory")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vardnara-bench-"))
    folder.chmod(0o755)
    cluster = Cluster.of(folder, log=folder / "postgres.log")
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(cluster.running())
        url = cluster.url()
        environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "vardnara.config.settings"}
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
        port = free_port()
        listener = subprocess.Popen(
            [sys.executable, "-m", "vardnara.config.command", "listen", "--port", str(port)], env=environment
        )
        try:
            time.sleep(2)
            result = measure(url, port, args)
            if args.flat:
                result["memory_mb"] = watch(port, listener.pid, args.flat)
        finally:
            listener.terminate()
            listener.wait(10)
    result["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    reached = all(result["ratio"][str(n)] >= needed for n, needed in NEEDED.items())  # type: ignore[index]
    result["reached"] = reached
    print(json.dumps(result) if args.json else "\n".join(f"{name:20} {value}" for name, value in result.items()))
    return 0 if reached else 1


def measure(url: str, port: int, args: argparse.Namespace) -> dict[str, object]:
    """Floor and listener in turn, several rounds; medians."""
    rounds: list[tuple[float, float, float, float]] = []
    for n in range(args.rounds):
        bare = floor(url, args.seconds, autocommit=False)
        least = floor(url, args.seconds, autocommit=True)
        one = acknowledged(port, n * 1_000_000_000 + 1, args.seconds, 1)
        eight = acknowledged(port, n * 1_000_000_000 + 900_000_001, args.seconds, 8)
        rounds.append((bare, one, eight, least))

    def median(values: list[float]) -> float:
        return sorted(values)[len(values) // 2]

    return {
        "floor_per_s": round(median([r[0] for r in rounds])),
        "autocommit_floor_per_s": round(median([r[3] for r in rounds])),
        "one_connection_per_s": round(median([r[1] for r in rounds])),
        "eight_connections_per_s": round(median([r[2] for r in rounds])),
        "ratio": {
            "1": round(median([r[1] / r[0] for r in rounds]), 2),
            "8": round(median([r[2] / r[0] for r in rounds]), 2),
        },
        "ratio_to_autocommit_floor": {
            "1": round(median([r[1] / r[3] for r in rounds]), 2),
            "8": round(median([r[2] / r[3] for r in rounds]), 2),
        },
    }


def watch(port: int, pid: int, total: int) -> dict[str, float]:
    """The listener's memory while it takes ``total`` messages on eight connections."""

    async def one(stem: int, n: int) -> None:
        async with MllpClient("127.0.0.1", port) as client:
            for serial in range(n):
                await client.send(message(stem + serial))

    async def part(first: int, n: int) -> None:
        await asyncio.gather(*[one(first + i * n, n // 8) for i in range(8)])

    readings = {}
    for tenth in range(10):
        asyncio.run(part(20_000_000_000 + tenth * total, total // 10))
        readings[f"after_{(tenth + 1) * total // 10}"] = round(memory_mb(pid), 1)
    return readings


if __name__ == "__main__":
    sys.exit(main())

"""``vardnara send``: messages out of files over MLLP, as a real sender sends them, and their answers counted."""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import sys
import time
from collections import Counter, deque
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, json_option
from vardnara.kernel.errors import GatewayError, InputError
from vardnara.kernel.faults import Fault

SUFFIXES = (".hl7", ".txt", ".gz")
RESENDS = 3


def register(subparsers: Any) -> None:
    """Declare ``send``."""
    parser = command_add(subparsers, "send")
    parser.add_argument("files", nargs="+", metavar="FILE", help="file in any framing, or a folder of such files")
    parser.add_argument("--host", default="127.0.0.1", help="where the listener is (default: this machine)")
    parser.add_argument("--port", type=int, default=2575, help="its port (default 2575)")
    parser.add_argument("--connections", type=int, default=1, metavar="N", help="connections at once (default 1)")
    parser.add_argument("--timeout", type=float, default=30, metavar="S", help="seconds to wait for an answer")
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Send and count. A message is sent again, up to three times, where the connection was lost without an answer."""
    messages = _messages(_files(args.files))
    if not messages:
        raise InputError([Fault(args.files[0], "", "no HL7 message found", "text that begins with MSH")])
    began = time.monotonic()
    counts = asyncio.run(_send_all(messages, args))
    result = {
        "sent": len(messages),
        **{name: counts[name] for name in ("accepted", "errors", "rejected", "no_answer", "duplicates")},
        "seconds": round(time.monotonic() - began, 3),
    }
    if args.json:
        print(json.dumps(result))
    else:
        print("  ".join(f"{name} {value}" for name, value in result.items()))
    return 1 if result["errors"] or result["rejected"] or result["no_answer"] else 0


def _files(named: list[str]) -> list[Path]:
    """The files to send, folders in path order; what is not a message file is named on stderr."""
    files: list[Path] = []
    faults: list[Fault] = []
    for name in named:
        path = Path(name)
        if path.is_dir():
            for inside in sorted(path.rglob("*")):
                if inside.is_file() and inside.suffix in SUFFIXES:
                    files.append(inside)
                elif inside.is_file():
                    print(f"{inside}: not sent, expected one of {' '.join(SUFFIXES)}", file=sys.stderr)
        elif path.is_file():
            files.append(path)
        else:
            faults.append(Fault(name, "", "no such file or folder"))
    if faults:
        raise InputError(faults)
    return files


def _messages(files: list[Path]) -> list[bytes]:
    from vardnara.gateways.mllp.framing import messages_in_file

    messages: list[bytes] = []
    faults: list[Fault] = []
    for path in files:
        try:
            content = path.read_bytes()
            found = list(messages_in_file(gzip.decompress(content) if path.suffix == ".gz" else content))
        except (OSError, EOFError) as error:
            faults.append(Fault(str(path), "", f"cannot be read: {error}"))
            continue
        if not found:
            print(f"{path}: no message in it", file=sys.stderr)
        messages += found
    if faults:
        raise InputError(faults)
    return messages


def shares_of(messages: list[bytes], connections: int) -> list[list[bytes]]:
    """Messages dealt to connections; one patient's stay on one, in order."""
    from vardnara.gateways.hl7.er7 import Er7Error, er7_read

    shares: list[list[bytes]] = [[] for _ in range(connections)]
    where: dict[str, int] = {}
    for message in messages:
        try:
            pid = er7_read(message).first("PID")
            patient = pid.component(3) or pid.component(2) if pid is not None else ""
        except Er7Error:
            patient = ""
        index = where.setdefault(patient, len(where) % connections)
        shares[index].append(message)
    return [share for share in shares if share]


async def _send_all(messages: list[bytes], args: argparse.Namespace) -> Counter[str]:
    shares = shares_of(messages, max(1, args.connections))
    counts: Counter[str] = Counter()
    done = 0
    show = sys.stderr.isatty()

    async def one(share: list[bytes]) -> None:
        nonlocal done
        from vardnara.gateways.mllp.client import MllpClient

        waiting = deque(share)
        client = MllpClient(args.host, args.port, timeout_seconds=args.timeout)
        await client.connect()
        tries = 0
        try:
            while waiting:
                try:
                    _count(await client.send(waiting[0], answers=_answers(waiting[0])), counts)
                except GatewayError:
                    tries += 1
                    await client.close()
                    if tries <= RESENDS:
                        await asyncio.sleep(0.2 * tries)
                        continue
                    counts["no_answer"] += 1
                waiting.popleft()
                tries = 0
                done += 1
                if show and done % 200 == 0:
                    print(f"\r{done}/{len(messages)}", end="", file=sys.stderr)
        finally:
            await client.close()

    await asyncio.gather(*[one(share) for share in shares])
    if show:
        print(f"\r{done}/{len(messages)}", file=sys.stderr)
    return counts


def _answers(message: bytes) -> int:
    """How many answers the message asks for (MSH-15, MSH-16)."""
    from vardnara.gateways.hl7.ack import acknowledgement_codes
    from vardnara.gateways.hl7.reader import Header, Refusal, header_read

    try:
        return len(acknowledgement_codes(header_read(message)))
    except Refusal:
        return len(acknowledgement_codes(Header()))


def _count(answer: bytes | None, counts: Counter[str]) -> None:
    """Count one answer by MSA-1 and MSA-3."""
    if answer is None:
        counts["no_answer"] += 1
        return
    fields = next((line.split(b"|") for line in answer.split(b"\r") if line.startswith(b"MSA|")), [b"", b""])
    code = fields[1][1:2]
    counts[{b"A": "accepted", b"E": "errors", b"R": "rejected"}.get(code, "errors")] += 1
    if len(fields) > 3 and fields[3] == b"duplicate":
        counts["duplicates"] += 1

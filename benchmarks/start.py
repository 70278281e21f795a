"""Start: seconds from ``vardnara up`` on an existing data directory to the first page, and of ``vardnara --help``.

The data directory holds the invented hospital with two days of messages applied, was stopped by Ctrl-C, and the server
writes durably, as in service. The clock stops when the sign-in page has come whole with status 200; before each round
the hospital is stopped again. Medians, because the first start after others reads the disk.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from _hospital import COMMAND, Hospital, environment, folder_temporary, machine, vardnara

NEEDED = {"first_page_s": 5.0, "help_s": 0.3}  # as the issue asks
PATIENCE_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page_comes(url: str) -> bool:
    """Whether the page answers 200 and comes whole."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200 and b"</html>" in answer.read()
    except (urllib.error.URLError, OSError):
        return False


def first_page(folder: Path, output: Path) -> float:
    """Seconds from the command to the sign-in page; stops the hospital again."""
    port = free_port()
    words = ["up", "--data", str(folder), "--port", str(port), "--mllp-port", "0"]
    with output.open("ab") as text:
        began = time.perf_counter()
        process = subprocess.Popen(
            [*COMMAND, *words], env=environment(), stdout=text, stderr=text, start_new_session=True
        )
        try:
            while not page_comes(f"http://127.0.0.1:{port}/logga-in/"):
                if process.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                    raise SystemExit(output.read_text(errors="replace")[-2000:])
                time.sleep(0.01)
            return time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(60)


def help_seconds() -> float:
    """Seconds of ``vardnara --help``, the program as installed."""
    program = Path(sys.executable).with_name("vardnara")
    began = time.perf_counter()
    subprocess.run([str(program), "--help"], env=environment(), capture_output=True, check=True)
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="starts; the median counts (default 5)")
    parser.add_argument("--helps", type=int, default=10, help="runs of --help; the median counts (default 10)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with folder_temporary() as folder:
        with Hospital(folder, "--no-feed") as hospital:
            feed = str(folder / "feed.hl7")
            vardnara("feed", "--days", "2", "--seed", "1", "--out", feed, "--data", str(hospital.data))
            vardnara("send", feed, "--port", str(hospital.state["mllp_port"]))
        pages = [first_page(hospital.data, folder / "up.txt") for _ in range(args.rounds)]
    helps = [help_seconds() for _ in range(args.helps)]
    result: dict[str, Any] = {
        "first_page_s": round(median(pages), 2),
        "first_page_slowest_s": round(max(pages), 2),
        "help_s": round(median(helps), 3),
        "help_slowest_s": round(max(helps), 3),
        "rounds": {"first_page": args.rounds, "help": args.helps},
        "needed": NEEDED,
        "machine": machine(),
    }
    result["reached"] = all(result[name] < needed for name, needed in NEEDED.items())
    print(json.dumps(result) if args.json else "\n".join(f"{name:22} {value}" for name, value in result.items()))
    return 0 if result["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())

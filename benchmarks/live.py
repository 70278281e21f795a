"""Message received to change visible: milliseconds at 50 messages a second, in an open page of a real browser.

A real ``vardnara up`` (fsync on) holds an invented hospital with patients, free beds and a backlog of dirty ones.
Messages come over MLLP, each when it is due and not when the one before is done: discharges, admissions, moves, and
after a second the cancel of each, so that every message changes the state of a tile. The clock starts when the first
byte of a message is written to the socket and stops when the browser has painted the new state of the last tile that
the message changes. A change that was never seen counts as endless. Two pages, one after the other: the coordinator's
board with every ward, and one ward's board; a fifth of the messages are about that ward. Both ends read the same
machine's clock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import time
from collections import deque
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psycopg
from _hospital import Hospital, folder_temporary, machine, percentile, wait_until_applied
from playwright.sync_api import Browser, sync_playwright

from vardnara.gateways.mllp.client import MllpClient

NEEDED_MS = 300  # at the 95th percentile, as the issue asks
CONNECTIONS = 4
WARM_SECONDS = 4  # sent and not counted
GAP = 25  # turns between a message and its cancel: a second at 50 messages a second
WARD_EVERY = 5  # every fifth turn is about the ward whose board is open
NEVER = float("inf")
BEDS = """
    SELECT b.id, w.id, w.code, r.code, b.code, h.code FROM hospital_bedplace b
    JOIN hospital_room r ON r.id = b.room_id JOIN hospital_ward w ON w.id = r.ward_id
    JOIN hospital_division d ON d.id = w.division_id JOIN hospital_hospital h ON h.id = d.hospital_id
    WHERE b.confirmed AND b.capacity = 1 AND w.kind = 'inpatient' ORDER BY b.id
"""
OWN_WARD = """
    SELECT s.ward_id FROM accounts_scope s JOIN accounts_user u ON u.id = s.user_id WHERE u.role = 'ward_staff'
"""

# In the page before its own scripts: when a change was heard, fetched, put in place and painted.
WATCH = r"""
(() => {
  const seen = window.__seen = [], heard = window.__heard = [];
  const fetched = window.__fetched = [], brought = window.__brought = [];
  const Source = window.EventSource;
  window.EventSource = class extends Source {
    constructor(...words) {
      super(...words);
      this.addEventListener("change", (event) => heard.push([Date.now(), JSON.parse(event.data).beds ?? []]));
      this.addEventListener("parts", (event) => {
        brought.push(event.data.length);
        heard.push([Date.now(), Array.from(event.data.matchAll(/id=\\"bed-(\d+)/g), (found) => Number(found[1]))]);
      });
    }
  };
  const get = window.fetch;
  window.fetch = async (...words) => {
    const asked = Date.now(), answer = await get(...words);
    const text = answer.text.bind(answer);
    answer.text = async () => { const all = await text(); fetched.push([asked, Date.now(), all.length]); return all; };
    return answer;
  };
  document.addEventListener("DOMContentLoaded", () => {
    const state = {};
    for (const tile of document.querySelectorAll("a.tile[id^=bed-]")) state[tile.id] = tile.dataset.state;
    new MutationObserver((changes) => {
      const fresh = [], now = Date.now();
      for (const change of changes) for (const node of change.addedNodes) {
        if (node.nodeType !== 1 || !node.id.startsWith("bed-") || state[node.id] === node.dataset.state) continue;
        state[node.id] = node.dataset.state;
        fresh.push([Number(node.id.slice(4)), node.dataset.state, now, 0]);
      }
      if (!fresh.length) return;
      seen.push(...fresh);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { const painted = Date.now(); for (const row of fresh) row[3] = painted; };
        port2.postMessage(0);
      });
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
"""


@dataclass(frozen=True)
class Bed:
    """A bed place as the database and as a message know it."""

    id: int
    ward_id: int
    name: str  # PL: ward, room, bed, facility


@dataclass(frozen=True)
class Letter:
    """One message and what every board shall show of it: the state of each bed that it changes."""

    serial: int
    event: str
    visit: str
    bed: Bed
    before: Bed | None
    shows: tuple[tuple[int, str], ...]

    def text(self, at: float) -> bytes:
        """The message, recorded now."""
        stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime(at)) + f".{int(at % 1 * 10000):04d}+0000"
        prior = self.before.name if self.before else ""
        pv1 = "|".join(["PV1", "1", "I", self.bed.name, "", "", prior, *[""] * 12, self.visit])
        return (
            rf"MSH|^~\&|EHR|BENCH|VARDNARA||{stamp}||ADT^{self.event}|L{self.serial}|P|2.5.1||||||UNICODE UTF-8" + "\r"
            f"EVN|{self.event}|{stamp}\rPID|1||{self.visit}^^^BENCH^PI||Åström^Örjan||19500102|M\r{pv1}\r"
        ).encode()


@dataclass
class Pool:
    """The beds of one part of the hospital: who lies where, and which are free."""

    lying: deque[tuple[Bed, str]] = field(default_factory=deque)
    free: deque[Bed] = field(default_factory=deque)
    turns: int = 0


class Play:
    """Writes the messages: the filling of the hospital, then turns of a message and its cancel."""

    def __init__(self, beds: list[Bed], ward_id: int) -> None:
        self._serial = 0
        self._visits = 0
        self._ward, self._rest = Pool(), Pool()
        self.filling: list[Letter] = []
        for n, bed in enumerate(beds):
            pool = self._ward if bed.ward_id == ward_id else self._rest
            if n % 3 == 2:
                pool.free.append(bed)
                continue
            visit = self._visit()
            self.filling.append(self._letter("A01", visit, bed))
            if n % 12 == 0:
                self.filling.append(self._letter("A03", visit, bed))  # the backlog
            else:
                pool.lying.append((bed, visit))

    def letters(self, number: int) -> list[Letter]:
        """``number`` messages: a new turn and the cancel of an older one by turns."""
        cancels: deque[Letter] = deque()
        letters: list[Letter] = []
        turn = 0
        while len(letters) < number:
            first, cancel = self._turn(self._rest if turn % WARD_EVERY else self._ward)
            letters.append(first)
            cancels.append(cancel)
            turn += 1
            if turn > GAP:
                letters.append(cancels.popleft())
        return [*letters, *cancels]

    def _visit(self) -> str:
        self._visits += 1
        return f"B{self._visits}"

    def _letter(self, event: str, visit: str, bed: Bed, *shows: tuple[Bed, str], before: Bed | None = None) -> Letter:
        self._serial += 1
        return Letter(self._serial, event, visit, bed, before, tuple((bed.id, state) for bed, state in shows))

    def _turn(self, pool: Pool) -> tuple[Letter, Letter]:
        """Two of five a discharge, two an admission, one a move; whoever is used goes to the end of the queue."""
        kind = pool.turns % 5
        pool.turns += 1
        if kind in (0, 2):
            bed, visit = pool.lying[0]
            pool.lying.rotate(-1)
            return (
                self._letter("A03", visit, bed, (bed, "dirty")),
                self._letter("A13", visit, bed, (bed, "occupied")),
            )
        free = pool.free[0]
        pool.free.rotate(-1)
        if kind in (1, 3):
            visit = self._visit()
            return (
                self._letter("A01", visit, free, (free, "occupied")),
                self._letter("A11", visit, free, (free, "ready")),
            )
        bed, visit = pool.lying[0]
        pool.lying.rotate(-1)
        return (
            self._letter("A02", visit, free, (bed, "dirty"), (free, "occupied"), before=bed),
            self._letter("A12", visit, bed, (bed, "occupied"), (free, "ready"), before=free),
        )


@dataclass
class Sent:
    """When a message was written to the socket and when it was acknowledged."""

    letter: Letter
    due: float
    written: float = 0.0
    acknowledged: float = 0.0


async def send_all(port: int, letters: list[Letter], rate: float) -> list[Sent]:
    """Send each message when it is due, one patient's always on the same connection."""
    began = time.time() + 0.5
    lines: list[list[Sent]] = [[] for _ in range(CONNECTIONS)]
    for n, letter in enumerate(letters):
        lines[int(letter.visit[1:]) % CONNECTIONS].append(Sent(letter, began + n / rate if rate else 0.0))

    async def one(line: list[Sent]) -> None:
        async with MllpClient("127.0.0.1", port) as client:
            for sent in line:
                await asyncio.sleep(max(0.0, sent.due - time.time()))
                sent.written = time.time()
                answer = await client.send(sent.letter.text(sent.written))
                sent.acknowledged = time.time()
                if answer is None or b"MSA|AA" not in answer:
                    raise SystemExit(f"not acknowledged: {answer!r}")

    await asyncio.gather(*[one(line) for line in lines])
    return sorted((sent for line in lines for sent in line), key=lambda sent: sent.written)


async def send_and_listen(
    port: int, url: str, letters: list[Letter], rate: float
) -> tuple[list[Sent], list[tuple[float, list[int]]]]:
    """Send, and note meanwhile when the database announces which beds have changed."""
    told: list[tuple[float, list[int]]] = []
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:
        await database.execute("LISTEN vardnara_changes")

        async def listen() -> None:
            async for notification in database.notifies():
                told.append((time.time(), json.loads(notification.payload).get("beds", [])))

        ear = asyncio.create_task(listen())
        sent = await send_all(port, letters, rate)
        await asyncio.sleep(3)
        ear.cancel()
        await asyncio.gather(ear, return_exceptions=True)
    return sent, told


def beside[T](work: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread of its own: this one belongs to the browser's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def first_after(times: list[tuple[float, Any]], bed: int, after: float) -> float:
    """The first moment from ``after`` on that is about a bed."""
    return next((at for at, beds in times if at >= after and bed in beds), NEVER)


def judge(sent: list[Sent], told: list[Any], page: dict[str, Any], shown: set[int]) -> dict[str, object]:
    """Match messages with what the page showed; milliseconds, and the median of each stretch of the way."""
    seen: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for bed, state, in_place, painted in page["seen"]:
        seen.setdefault((bed, state), []).append((in_place / 1000, (painted or NEVER) / 1000))
    heard = [(at / 1000, beds) for at, beds in page["heard"]]
    waits: list[float] = []
    hops: dict[str, list[float]] = {"acknowledged": [], "announced": [], "heard": [], "in_place": [], "painted": []}
    for one in sent:
        shows = [(bed, state) for bed, state in one.letter.shows if bed in shown]
        if not shows:
            continue
        floor = one.written - 0.001  # the page's clock has whole milliseconds
        found = [next((at for at in seen.get(show, []) if at[0] >= floor), (NEVER, NEVER)) for show in shows]
        in_place, painted = max(found)
        waits.append((painted - one.written) * 1000)
        announced = first_after(told, shows[0][0], one.written)
        stamps = [one.acknowledged, announced, first_after(heard, shows[0][0], one.written), in_place, painted]
        if NEVER not in stamps:
            for name, at in zip(hops, stamps, strict=True):
                hops[name].append((at - one.written) * 1000)
    missed = sum(wait == NEVER or wait > GAP * 1000 for wait in waits)
    p50, p95, worst = (percentile(waits, share) for share in (0.5, 0.95, 1))
    fetches = [done - asked for asked, done, _ in page["fetched"]]
    return {
        "n": len(waits),
        "rate_per_s": round((len(sent) - 1) / (sent[-1].written - sent[0].written), 1),
        "p50_ms": round(p50) if p50 != NEVER else None,
        "p95_ms": round(p95) if p95 != NEVER else None,
        "max_ms": round(worst) if worst != NEVER else None,
        "missed": missed,
        "sender_late_max_ms": round(max(one.written - one.due for one in sent) * 1000),
        "median_ms_until": {name: round(median(values)) for name, values in hops.items() if values},
        "fetches": len(fetches),
        "fetch_p50_ms": round(median(fetches)) if fetches else None,
        "fetch_p95_ms": round(percentile(fetches, 0.95)) if fetches else None,
        "fetched_kb_p50": round(median(length for _, _, length in page["fetched"]) / 1000, 1) if fetches else None,
        "pushes": len(page["brought"]),
        "pushed_kb_p50": round(median(page["brought"]) / 1000, 1) if page["brought"] else None,
        "reached": p95 <= NEEDED_MS,
    }


def run(browser: Browser, hospital: Hospital, role: str, path: str, play: Play, args: argparse.Namespace) -> Any:
    """Open one board as its reader, send, and judge what the board showed."""
    state = hospital.state
    context = browser.new_context(base_url=hospital.url, viewport={"width": 1440, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto("/logga-in/")
    page.click(f"button[name=role][value={role}]")
    page.wait_for_load_state()
    page.goto(path)
    page.wait_for_selector("#contact[data-state=live]")
    tiles = page.evaluate("Array.from(document.querySelectorAll('a.tile[id^=bed-]'), t => Number(t.id.slice(4)))")
    warm = int(args.rate * WARM_SECONDS)
    letters = play.letters(warm + args.messages * (WARD_EVERY if role == "ward_staff" else 1))
    sent, told = beside(send_and_listen(state["mllp_port"], state["database_url"], letters, args.rate))
    record = page.evaluate("({seen: __seen, heard: __heard, fetched: __fetched, brought: __brought})")
    context.close()
    return judge(sent[warm:], told, record, set(tiles))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=1200, help="changes to be seen on each board (default 1200)")
    parser.add_argument("--rate", type=float, default=50, help="messages a second, whole hospital (default 50)")
    parser.add_argument("--board", choices=["all", "ward"], help="one board only")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        raise SystemExit("no Chromium here; on Debian: apt-get install chromium")
    result: dict[str, Any] = {}
    with folder_temporary() as folder, Hospital(folder, "--no-feed") as hospital, sync_playwright() as playwright:
        url = hospital.state["database_url"]
        with psycopg.connect(url) as database:
            (ward_id,) = database.execute(OWN_WARD).fetchone()
            beds = [Bed(row[0], row[1], "^".join(row[2:])) for row in database.execute(BEDS)]
        play = Play(beds, ward_id)
        beside(send_all(hospital.state["mllp_port"], play.filling, 0))
        wait_until_applied(url)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        boards = {"all": ("coordinator", "/samordning/"), "ward": ("ward_staff", f"/avdelning/{ward_id}/")}
        for name, (role, path) in boards.items():
            if args.board in (None, name):
                result[name] = run(browser, hospital, role, path, play, args)
                if parked := wait_until_applied(url):
                    raise SystemExit(f"{len(parked)} messages are parked: the benchmark's messages are wrong")
        browser.close()
        result["beds"] = len(beds)
    result["machine"] = machine()
    result["needed_p95_ms"] = NEEDED_MS
    result["reached"] = all(result[name]["reached"] for name in boards if name in result)
    print(json.dumps(result) if args.json else text_of(result))
    return 0 if result["reached"] else 1


def text_of(result: dict[str, Any]) -> str:
    """The result for people: one line a figure, the boards' indented."""
    lines = []
    for name, value in result.items():
        if isinstance(value, dict):
            lines += [name, *(f"  {key:20} {figure}" for key, figure in value.items())]
        else:
            lines.append(f"{name:22} {value}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

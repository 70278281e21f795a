"""The search for rosters is compiled ahead: every kernel, beside the worker, and never in its way."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from vardnara.config.parts import warming
from vardnara.config.parts.warming import KINDEST, Warming


def test_warming_compiles_every_kernel() -> None:
    """In a process that has compiled nothing, the small roster leaves no kernel out."""
    code = (
        "from vardnara.engines.roster.swedish.warm import roster_warm; roster_warm();"
        "from vardnara.engines.roster import _kernels_nb as kernels;"
        "found = {n: k for n, k in vars(kernels).items() if hasattr(k, 'signatures')};"
        "assert len(found) == 5, found; found.pop('to_go_find');"  # only lines_price calls it, and is kept with it
        "assert all(k.signatures for k in found.values()), found"
    )
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"}
    subprocess.run([sys.executable, "-P", "-c", code], check=True, timeout=300, env=environment)


def test_it_begins_later_gives_way_and_ends_with_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing at the start; once its time has come one process of the lowest priority, which is ended on closing."""
    monkeypatch.setattr(warming, "COMMAND", "import time; time.sleep(300)")
    waiting = Warming(3600)
    waiting.look()
    assert waiting.process is None
    waiting.close()
    due = Warming(0)
    due.look()
    process = due.process
    assert process is not None
    ends = time.monotonic() + 60
    while os.getpriority(os.PRIO_PROCESS, process.pid) != KINDEST and time.monotonic() < ends:
        time.sleep(0.05)
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == KINDEST
    due.look()
    assert due.process is process, "once"
    due.close()
    assert process.returncode is not None


def test_one_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The worker goes on, and its log says why the first search will take longer."""
    monkeypatch.setattr(warming, "COMMAND", "raise SystemExit(3)")
    failing = Warming(0)
    failing.look()
    assert failing.process is not None
    failing.process.wait(60)
    failing.look()
    assert "status 3" in caplog.text and failing.process is None

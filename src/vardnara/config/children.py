"""Child processes that never outlive the process that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


def with_parent(signal_number: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs before its program: ask the kernel for a signal when the parent dies.

    Only Linux has this. The kernel forgets the wish when a process changes its user, so it is made after that (the
    order of :class:`subprocess.Popen`), and it ties the child to the parent's *thread*: start children in the main one.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def wish() -> None:
        prctl(SET_PARENT_DEATH_SIGNAL, int(signal_number), 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return wish


def stop(process: subprocess.Popen[bytes], *, ask: signal.Signals, patience_seconds: float) -> int:
    """Ask a child to stop, wait, and end it if it does not; return its exit status."""
    if process.poll() is None:
        process.send_signal(ask)
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()

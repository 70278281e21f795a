"""Has the search for rosters compiled beside the worker, so that whoever asks first does not wait for it.

A process of its own, as kind to the machine as it can be: compiling would hold up the worker's own loop. What it
compiles is kept in numba's cache (``NUMBA_CACHE_DIR``, else beside the code or in the user's cache) and read by the
worker. It ends by itself, also where the worker was killed.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time

logger = logging.getLogger(__name__)
AFTER_SECONDS = 30.0  # of the worker's start: pages and messages come first
KINDEST = 19
COMMAND = "from vardnara.engines.roster.swedish.warm import roster_warm; roster_warm()"


class Warming:
    """One compiling some time after the start; ``look`` is called by the loop that it must not hold up."""

    def __init__(self, after_seconds: float = AFTER_SECONDS) -> None:
        self._due: float | None = time.monotonic() + after_seconds
        self.process: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Begin when it is time; tell if it failed: then the first search compiles for itself, as before."""
        if self._due is not None and time.monotonic() >= self._due:
            self._due = None
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", f"import os; os.nice({KINDEST}); {COMMAND}"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        if self.process is not None and self.process.poll():
            logger.warning("the search for rosters was not compiled ahead: status %s", self.process.returncode)
            self.process = None

    def close(self) -> None:
        """End it with the worker."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

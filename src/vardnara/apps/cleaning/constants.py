"""Set times of cleaning."""

from datetime import time

SWEEP_FROM = time(6, 0)  # local time from which the day's list of daily cleans is made (mech-7)

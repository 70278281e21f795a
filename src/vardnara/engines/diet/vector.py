"""Many patients and many dishes at once, with every reason: the fast twin of :mod:`.plain`.

A decision is the AND of two bit masks (:mod:`.vocabulary`). Masks are cut into 64-bit words, one plane for each, and
worked through in blocks of patients that stay in the processor's cache. NumPy is imported with this module, so the
package does not import it: who checks one tray does not wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vardnara.engines.diet.data import Dish, Needs
from vardnara.engines.diet.result import Reason, Status, Verdict
from vardnara.engines.diet.vocabulary import Vocabulary

type Words = npt.NDArray[np.uint64]

STATUSES = (Status.ALLOWED, Status.AFTER_CHANGE, Status.BLOCKED)  # by number in ``Decisions.status``
_ALLOWED, _AFTER_CHANGE, _BLOCKED = range(3)
BLOCK_CELLS = 32_768  # decisions at a time: 256 kB a plane, so that the planes of a block stay in a core's own cache


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """The answers for every patient and every dish, in the order in which they were given.

    Parameters
    ----------
    dishes, patients
        As asked.
    vocabulary
        What the bits mean.
    status
        uint8, shape (patients, dishes): index into ``STATUSES``.
    change
        int16, shape (patients, dishes): number of the variant within its dish, -1 where there is none to make.
    causes
        uint64, shape (words, patients, dishes): the reasons against each dish as it is, one bit each.
    """

    dishes: tuple[Dish, ...]
    patients: tuple[Needs, ...]
    vocabulary: Vocabulary
    status: npt.NDArray[np.uint8]
    change: npt.NDArray[np.int16]
    causes: Words

    def reasons(self, patient: int, dish: int) -> tuple[Reason, ...]:
        """The reasons of one cell, as the plain check tells them."""
        words = self.causes[:, patient, dish].tolist()
        return self.vocabulary.told(sum(word << (64 * number) for number, word in enumerate(words)))

    def verdict(self, patient: int, dish: int) -> Verdict:
        """One cell, as the plain check would have answered."""
        number = int(self.change[patient, dish])
        change = self.dishes[dish].variants[number].id if number >= 0 else None
        return Verdict(STATUSES[self.status[patient, dish]], change, self.reasons(patient, dish))


def check_all(dishes: Sequence[Dish], patients: Sequence[Needs]) -> Decisions:
    """Check every dish for every patient.

    Parameters
    ----------
    dishes, patients
        In any number and order. Memory: 3 bytes and 8 bytes a word for each pair; a hospital's patients need two to
        four words together.

    Returns
    -------
    Decisions
        The same answer in each cell as ``plain.dish_check`` gives.
    """
    dishes, patients = tuple(dishes), tuple(patients)
    vocabulary = Vocabulary(patients)
    masks = [vocabulary.dish_masks(dish) for dish in dishes]
    need = _words(vocabulary.needs_masks, vocabulary.n_words)
    offence = _words([mask for mask, *_ in masks], vocabulary.n_words)
    changes = _changes(masks, vocabulary.n_words)
    n_patients, n_dishes = len(patients), len(dishes)
    status = np.empty((n_patients, n_dishes), np.uint8)
    change = np.full((n_patients, n_dishes), -1, np.int16)
    causes = np.empty((vocabulary.n_words, n_patients, n_dishes), np.uint64)
    rows = max(1, BLOCK_CELLS // max(1, n_dishes))
    met = np.empty((rows, n_dishes), np.uint64)
    for start in range(0, n_patients, rows):
        block = slice(start, min(start + rows, n_patients))
        _block(need[:, block], offence, changes, causes[:, block], status[block], change[block], met)
    return Decisions(dishes, patients, vocabulary, status, change, causes)


def _words(masks: Sequence[int], n_words: int) -> Words:
    """Masks cut into words: shape (words, masks)."""
    content = b"".join(mask.to_bytes(n_words * 8, "little") for mask in masks)
    return np.ascontiguousarray(np.frombuffer(content, "<u8").astype(np.uint64).reshape(len(masks), n_words).T)


def _changes(masks: Sequence[list[int]], n_words: int) -> list[tuple[npt.NDArray[np.intp], Words]]:
    """First variants, second variants and so on: which dishes have one, and their masks, shape (words, they)."""
    found = []
    for rank in range(1, max(map(len, masks), default=0)):
        those = [number for number, of_dish in enumerate(masks) if len(of_dish) > rank]
        found.append((np.array(those, np.intp), _words([masks[number][rank] for number in those], n_words)))
    return found


def _block(
    need: Words, offence: Words, changes: list[tuple[npt.NDArray[np.intp], Words]],
    causes: Words, status: npt.NDArray[np.uint8], change: npt.NDArray[np.int16], met: Words,
) -> None:  # fmt: skip
    """Decide for some patients; ``causes``, ``status`` and ``change`` are written, ``met`` is working space."""
    met = met[: need.shape[1]]
    for number in range(len(need)):
        np.bitwise_and(need[number][:, None], offence[number], out=causes[number])
        if number:
            np.bitwise_or(met, causes[number], out=met)
        else:
            met[:] = causes[0]
    np.multiply(met != 0, np.uint8(_BLOCKED), out=status)
    for rank, (those, offence_changed) in enumerate(changes):
        left = need[0][:, None] & offence_changed[0]
        for number in range(1, len(need)):
            left |= need[number][:, None] & offence_changed[number]
        before = status[:, those]
        helps = (left == 0) & (before == _BLOCKED)
        status[:, those] = np.where(helps, np.uint8(_AFTER_CHANGE), before)
        change[:, those] = np.where(helps, np.int16(rank), change[:, those])

"""The cheapest lines of one person over a stretch of days, the other days standing: the price step of the search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vardnara.engines.roster import _kernels_nb as kernels
from vardnara.engines.roster.people import NO_END, Person

INFINITE = kernels.INFINITE
_NONE = np.zeros(0, np.int64)
MOST_SIZE = 1 << 30
MOST_CELLS = 60_000_000  # six bytes each, for every stretch that is priced at once
CALL_STEPS = 20_000  # what asking for a line costs beside the steps of its labels
WIDE = 12  # a sum with so many values is worth steering instead


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line over a stretch: duty of each day (0 free) and what it costs the person's own rules."""

    duties: np.ndarray
    cost: float


def actions_of(duties: np.ndarray, n_skills: int) -> np.ndarray:
    """Table actions of duties."""
    actions: np.ndarray = np.where(duties > 0, (duties - 1) // n_skills + 1, 0).astype(np.int32)
    return actions


def row_cost(person: Person, duties: np.ndarray) -> float:
    """What a whole row costs its person; infinite where a hard rule is broken."""
    n_days = len(duties)
    actions = actions_of(duties, person.duties.shape[1])
    table = person.table
    state, price, sums = kernels.line_walk(
        person.start, table.kinds, table.following, table.prices, table.weekends, actions, person.amounts,
        person.first, person.last, person.weekend_tally, n_days,
    )  # fmt: skip
    if state < 0:
        return float("inf")
    total = price + float(person.own[np.arange(n_days), actions].sum())
    sums = sums + person.before
    over = np.where(person.most >= 0, np.maximum(sums - np.maximum(person.most, person.before), 0), 0)
    hard_over = np.where(person.most >= 0, sums > person.most, False)
    under = np.maximum(person.least - sums, 0)
    hard = person.weight < 0
    if (hard & ((under > 0) | hard_over)).any():
        return float("inf")
    return float(total + (np.where(hard, 0, person.weight) * (over + under)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """Lawful lines with their prices, cheapest first; what no line can be under; steps of labels tried.

    ``cut``: a sum that is broken was left out, because carrying it would take too much; there may be lawful lines.
    """

    lines: list[tuple[float, Line]]
    bound: float
    work: int
    cut: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A stretch under some of its sums: ``extra`` beside those that must be looked at."""

    extra: tuple[int, ...]
    active: list[int]
    members: list[np.ndarray]
    group_action: np.ndarray
    group_amount: np.ndarray
    reach: np.ndarray


class Stretch:
    """Days ``start`` to ``stop`` (excluded) of one person, prepared to be priced many times.

    Parameters
    ----------
    person
        Who.
    row : int array (days)
        Duties that stand outside the stretch.
    start, stop
        The stretch; its end is the end of a week or of the roster, so that no weekend is cut.
    share
        For building a roster from its first week on, sums are kept within the share of their bounds that is due at the
        end of the stretch: (part of all days, days, shifts that may be missing to the least); None: within what the
        other days leave.
    """

    def __init__(
        self, person: Person, row: np.ndarray, start: int, stop: int, share: tuple[float, float, int] | None = None
    ) -> None:
        self.person, self.start_day, self.stop = person, start, stop
        self.n_skills = person.duties.shape[1]
        table = person.table
        n_days = len(row)
        actions = actions_of(row, self.n_skills)
        self.kinds = table.kinds[start:stop].copy()
        self.state, _, sums = kernels.line_walk(
            person.start, table.kinds, table.following, table.prices, table.weekends, actions, person.amounts,
            person.first, person.last, person.weekend_tally, start,
        )  # fmt: skip
        self.possible = self.state >= 0
        self.first = (person.first - start).astype(np.int32)
        self.last = (person.last - start).astype(np.int32)
        if share is None:  # days that stand are in the sums: a sum that goes on past the stretch is settled at its end
            self.last = np.minimum(self.last, stop - start - 1)
        if share is None and stop < n_days:
            self.end = kernels.tail_find(table.kinds, table.following, table.prices, actions, stop, n_days)
            sums = sums + self._tail_sums(actions, stop, n_days)
        else:
            self.end = np.zeros(table.following.shape[1])
        self._bounds(sums + person.before, share)
        self.must = [t for t in range(len(person.least)) if self._needed(t) and not self._relaxable(t)]
        self.may = [t for t in range(len(person.least)) if self._needed(t) and self._relaxable(t)]
        self.limits = [t for t in self.may if self.most[t] >= 0]
        days = np.arange(start, stop)[:, None]
        self.inside = (person.first <= days) & (days <= person.last)
        self.own = person.own[start:stop]
        self.parts: dict[tuple[int, ...], _Part] = {}

    def _tail_sums(self, actions: np.ndarray, stop: int, n_days: int) -> np.ndarray:
        person = self.person
        days = np.arange(stop, n_days)
        inside = (person.first[:, None] <= days) & (days <= person.last[:, None])
        sums: np.ndarray = (person.amounts[actions[stop:]].T * inside).sum(axis=1)
        if person.weekend_tally >= 0:
            kinds = person.table.kinds
            sums[person.weekend_tally] = _weekends(person, actions, stop, n_days, kinds)
        return sums

    def _bounds(self, outside: np.ndarray, share: tuple[float, float, int] | None) -> None:
        """What the stretch may add, sum by sum."""
        person = self.person
        self.outside = outside
        days = np.arange(self.start_day, self.stop)
        inside = ((person.first[:, None] <= days) & (days <= person.last[:, None])).sum(axis=1)
        top = person.amounts.max(axis=0, initial=0)
        if person.weekend_tally >= 0:
            top[person.weekend_tally] = 1
        self.most_possible = inside * top
        least, most = person.least - outside, person.most - outside
        if share is not None:
            done, length, slack = share
            for t in range(len(least)):
                counts_up = person.least[t] == 0 and t != person.weekend_tally
                if person.last[t] - person.first[t] + 1 < length or person.weight[t] >= 0 or counts_up:
                    continue
                if done < 1:
                    least[t] = int(person.least[t] * done) - slack * top[t] - outside[t]
                    if person.most[t] >= 0:
                        most[t] = min(int(person.most[t] * done) + 1, person.most[t]) - outside[t]
        self.least = np.maximum(least, 0)
        self.most = np.where(person.most >= 0, most, NO_END)
        hard_gone = (person.most >= 0) & (person.weight < 0) & (most < 0)
        if share is None and hard_gone.any():
            self.possible = False
        self.most = np.where(person.most >= 0, np.maximum(most, 0), NO_END)
        self.most = np.where((self.most >= 0) & (self.most >= self.most_possible), NO_END, self.most)
        size = np.where(self.most >= 0, self.most, self.least) + 1
        self.size = np.minimum(size, MOST_SIZE).astype(np.int32)

    def _needed(self, t: int) -> bool:
        return bool(self.size[t] > 1 or self.most[t] == 0)

    def _relaxable(self, t: int) -> bool:
        """A hard limit upwards alone is looked at only when it is broken."""
        return bool(self.least[t] == 0 and self.person.weight[t] < 0 and t != self.person.weekend_tally)

    @property
    def n_labels(self) -> int:
        """States times sums."""
        return self._cells(self.must) // (self.stop - self.start_day)

    def _cells(self, active: list[int]) -> int:
        """Days times states times sums: what the kernel keeps."""
        labels = np.prod(self.size[active].astype(float)) * self.person.table.following.shape[1]
        return int(labels) * (self.stop - self.start_day)

    def _part(self, extra: tuple[int, ...], without: tuple[int, ...] = ()) -> _Part:
        """Shifts that no rule tells apart become one group, under the sums looked at."""
        key = (*extra, -1, *without)
        if key not in self.parts:
            active = [t for t in [*self.must, *extra] if t not in without]
            self.parts[key] = self._part_make(extra, active)
        return self.parts[key]

    def _part_make(self, extra: tuple[int, ...], active: list[int]) -> _Part:
        person, table = self.person, self.person.table
        n_actions = table.following.shape[2]
        amounts = person.amounts[:, active]
        usable = np.isfinite(self.own).any(axis=0)
        groups: dict[tuple[bytes, ...], list[int]] = {}
        for action in range(n_actions):
            if action and not usable[action]:
                continue
            key = (
                b"free" if action == 0 else b"work",
                table.following[:, :, action].tobytes(),
                table.prices[:, :, action].tobytes(),
                amounts[action].tobytes(),
            )
            groups.setdefault(key, []).append(action)
        members = [np.array(of_group) for of_group in groups.values()]
        group_action = np.array([of_group[0] for of_group in members], np.int32)
        group_amount = np.ascontiguousarray(amounts[group_action], dtype=np.int32)
        gain = amounts[group_action, 0].astype(float) if active else np.zeros(len(members))
        if active and active[0] == person.weekend_tally:
            gain = gain + INFINITE  # weekends are no part of an action's amount: no bound
        open_price = _grouped(self.own, members)[0]
        reach = kernels.reach_find(self.kinds, table.following, group_action, gain, open_price, self.end)
        return _Part(extra, active, members, group_action, group_amount, reach)

    def price(self, duty_prices: np.ndarray, n_lines: int, below: float = np.inf) -> Priced:
        """The cheapest lines.

        Sums with a hard end upwards alone are left out at first: what is found then bounds every line from below. They
        are taken in, one by one, only where that bound lies under ``below`` and no lawful line does.

        Parameters
        ----------
        duty_prices : float array (days of the stretch, duties)
            What filling a duty costs or brings.
        n_lines
            How many.
        below
            Lines that cost so much or more are of no use, and are not looked for.
        """
        if not self.possible:
            return Priced([], np.inf, 0)
        n_days = self.stop - self.start_day
        person = self.person
        by_skill = duty_prices.reshape(n_days, -1, self.n_skills)
        if self.n_skills > 1:
            by_skill = np.where(person.duties, by_skill, np.inf)
            skill = by_skill.argmin(axis=2)
            by_shift = by_skill.min(axis=2)
        else:
            skill, by_shift = None, by_skill[:, :, 0]
        prices = self.own.copy()
        prices[:, 1:] += by_shift
        work, cut = CALL_STEPS, False
        part = self._part(())
        while True:
            found, steps = self._run(part, prices, n_lines, limit=below)
            work += steps
            bound = found[0][0] if found else below
            broken = [self._over(part, actions) for _, actions in found]
            first = broken[0] if found else _NONE
            if (
                not len(first)
                or bound >= below
                or any(cost < below and not len(over) for (cost, _), over in zip(found, broken, strict=True))
            ):
                break
            extra = tuple(sorted([*part.extra, int(first[0])]))
            if self._cells([*self.must, *extra]) > MOST_CELLS:
                cut = True
                break
            part = self._part(extra)
        lines = []
        for (cost, actions), over in zip(found, broken, strict=True):
            if len(over):
                continue
            duties = actions.copy()
            on = np.flatnonzero(actions)
            place = actions[on] - 1
            chosen = skill[on, place] if skill is not None else 0
            duties[on] = place * self.n_skills + chosen + 1
            paid = float(by_shift[on, place].sum())
            lines.append((cost, Line(duties.astype(np.int32), float(np.rint(cost - paid)))))
        return Priced(lines, bound, work, cut)

    def near(self, duty_prices: np.ndarray, tries: int, every_sum: bool = False) -> tuple[Line | None, int]:
        """A lawful line that is cheap, found quickly: hard sums are steered by a price on what they add up.

        For a first roster of long periods, where carrying every sum along would take too long.

        Parameters
        ----------
        duty_prices : float array (days of the stretch, duties)
            What filling a duty costs or brings.
        tries
            After so many prices it is given up.
        every_sum
            Steer all hard sums; else the one with the widest range, if there is just one.

        Returns
        -------
        The line (its cost is not reckoned), or None; and the work.
        """
        person, table = self.person, self.person.table
        hard = [t for t in self.must if person.weight[t] < 0]
        wide = [t for t in hard if self.size[t] > WIDE and t != person.weekend_tally]
        steer = [*hard, *self.may] if every_sum else wide
        if not self.possible or self.n_skills > 1 or (len(wide) != 1 and not every_sum):
            return None, 0
        base = self.own.copy()
        base[:, 1:] += duty_prices
        part = self._part((), tuple(steer))
        scale = float(np.abs(duty_prices).max(initial=1.0))
        toll = np.zeros(len(person.least))
        step = np.array([scale / max(float(person.amounts[:, t].max()), 1.0) for t in range(len(toll))])
        side, work = np.zeros(len(toll)), 0
        for _ in range(tries):
            a_weekend = toll[person.weekend_tally] if person.weekend_tally in steer else 0.0
            found, steps = self._run(part, base + person.amounts @ toll, 1, a_weekend)
            work += steps
            if not found:
                break
            actions = found[0][1].astype(np.int32)
            sums = kernels.line_walk(
                self.state, self.kinds, table.following, table.prices, table.weekends, actions, person.amounts,
                person.first - self.start_day, person.last - self.start_day, person.weekend_tally, len(actions),
            )[2]  # fmt: skip
            over = np.where(self.most >= 0, sums > self.most, False) & (person.weight < 0)
            under = (sums < self.least) & (person.weight < 0)
            if not over.any() and not under.any():
                return Line(actions, 0.0), work
            if not all(t in steer for t in np.flatnonzero(over | under)):
                break
            now = over.astype(float) - under
            step = np.where(now * side < 0, step / 2, np.where(now * side > 0, step * 1.3, step))
            toll, side = toll + now * step, np.where(now != 0, now, side)
        return None, work

    def standing(self, duties: np.ndarray) -> Line:
        """A line that stands, priced as this stretch prices its lines."""
        actions = actions_of(duties, self.n_skills)
        table = self.person.table
        state, cost, sums = kernels.line_walk(
            self.state, self.kinds, table.following, table.prices, table.weekends, actions, self.person.amounts,
            self.person.first - self.start_day, self.person.last - self.start_day, self.person.weekend_tally,
            len(actions),
        )  # fmt: skip
        cost += float(self.own[np.arange(len(actions)), actions].sum()) + float(self.end[state])
        inside = np.maximum(self.first, 0) <= self.last  # other sums are no matter of this stretch
        soft = np.where((self.person.weight >= 0) & inside, self.person.weight, 0)
        over = np.where(self.most >= 0, np.maximum(sums - self.most, 0), 0)
        cost += float((soft * (over + np.maximum(self.least - sums, 0))).sum())
        return Line(np.asarray(duties, np.int32).copy(), float(np.rint(cost)))

    def _run(
        self, part: _Part, prices: np.ndarray, n_lines: int, a_weekend: float = 0.0, limit: float = np.inf
    ) -> tuple[list[tuple[float, np.ndarray]], int]:
        person, table, active = self.person, self.person.table, part.active
        weekend = active.index(person.weekend_tally) if person.weekend_tally in active else -1
        steps_cost = table.prices + a_weekend * table.weekends if a_weekend else table.prices
        group_price, chosen = _grouped(prices, part.members)
        costs, lines, steps = kernels.lines_price(
            self.state, self.kinds, table.following, steps_cost, table.weekends, part.group_action,
            part.group_amount, group_price, self.least[active].astype(np.int32),
            self.most[active].astype(np.int32), person.weight[active], self.size[active],
            self.first[active], self.last[active], weekend, part.reach, self.end, n_lines,
            min(limit, INFINITE),
        )  # fmt: skip
        days = np.arange(len(prices))
        n_found = int((costs < INFINITE).sum())
        return [(float(costs[n]), chosen[days, lines[n]]) for n in range(n_found)], int(steps)

    def _over(self, part: _Part, actions: np.ndarray) -> np.ndarray:
        """Sums with an end upwards that were left out and that a line breaks, in the order of ``may``."""
        left = [t for t in self.limits if t not in part.active]
        if not left:
            return _NONE
        sums = (self.person.amounts[actions][:, left] * self.inside[:, left]).sum(axis=0)
        over: np.ndarray = np.array(left)[sums > self.most[left]]
        return over


def _grouped(prices: np.ndarray, members: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """By day and group of shifts the least price, and the shift that has it."""
    n_days = len(prices)
    found, chosen = np.empty((n_days, len(members))), np.empty((n_days, len(members)), np.int64)
    for group, of_group in enumerate(members):
        if len(of_group) == 1:
            chosen[:, group] = of_group[0]
            found[:, group] = prices[:, of_group[0]]
        else:
            own = prices[:, of_group]
            place = own.argmin(axis=1)
            chosen[:, group] = of_group[place]
            found[:, group] = own[np.arange(n_days), place]
    return np.where(np.isfinite(found), found, INFINITE), chosen


def _weekends(person: Person, actions: np.ndarray, start: int, n_days: int, kinds: np.ndarray) -> int:
    """Weekends begun from a day on that is the first of a week, so that no state matters."""
    table = person.table
    sums = kernels.line_walk(
        person.start, table.kinds, table.following, table.prices, table.weekends, actions, person.amounts,
        person.first, person.last, person.weekend_tally, n_days,
    )[2]  # fmt: skip
    before = kernels.line_walk(
        person.start, table.kinds, table.following, table.prices, table.weekends, actions, person.amounts,
        person.first, person.last, person.weekend_tally, start,
    )[2]  # fmt: skip
    return int((sums - before)[person.weekend_tally])

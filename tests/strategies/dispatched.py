"""Days for the day plan: few people, few places, everything that a task can be."""

from __future__ import annotations

from hypothesis import strategies as st

from vardnara.engines.dispatch import Break, Day, DispatchParams, Hygiene, Task, Walking, Worker

PLACES = ("A", "B", "C")
WALKING = Walking(PLACES, ((0, 3, 5), (3, 0, 4), (6, 4, 0)))
SKILLS = ("food", "clean")
PARAMS = DispatchParams(iterations=20)


@st.composite
def workers(draw: st.DrawFn, number: int) -> Worker:
    """Somebody with a shift between six and six, now and then a lunch, a zone, something carried."""
    starts = draw(st.sampled_from([360, 400, 480]))
    ends = starts + draw(st.sampled_from([60, 150, 240]))
    breaks = (Break("lunch", starts + 20, starts + 120, 15),) if draw(st.booleans()) else ()
    return Worker(
        f"w{number}",
        starts,
        ends,
        draw(st.sampled_from(PLACES)),
        draw(st.frozensets(st.sampled_from(SKILLS))),
        breaks,
        draw(st.frozensets(st.sampled_from(PLACES), max_size=2)),
        draw(st.sampled_from(["", *PLACES])),
        draw(st.sampled_from(list(Hygiene))),
    )


@st.composite
def tasks(draw: st.DrawFn, number: int, codes: tuple[str, ...], *, plain: bool = False) -> Task:
    """A task; a plain one is for one person, whom nobody has claimed it from."""
    opens = draw(st.integers(350, 560))
    room = draw(st.integers(5, 180))
    due = draw(st.one_of(st.none(), st.integers(opens, opens + room)))
    n_people = 1 if plain else draw(st.sampled_from([1, 1, 1, 2]))
    owners = (
        ()
        if plain
        else tuple(draw(st.lists(st.sampled_from(codes or ("",)), max_size=min(n_people, len(codes)), unique=True)))
    )
    return Task(
        f"t{number}",
        draw(st.sampled_from(PLACES)),
        draw(st.integers(1, 40)),
        opens,
        opens + room,
        due,
        draw(st.sampled_from([0, 1, 3])),
        draw(st.frozensets(st.sampled_from(SKILLS), max_size=1)),
        draw(st.integers(0, 2)),
        draw(st.sampled_from(list(Hygiene))),
        n_people,
        owners,
    )


@st.composite
def days(draw: st.DrawFn, *, n_workers: int = 4, n_tasks: int = 9, plain: bool = False) -> Day:
    """A day, sometimes seen from the middle of it with something begun."""
    people = tuple(draw(workers(number)) for number in range(draw(st.integers(0, n_workers))))
    codes = tuple(worker.code for worker in people)
    work = [draw(tasks(number, codes, plain=plain)) for number in range(draw(st.integers(0, n_tasks)))]
    now = 0 if plain else draw(st.sampled_from([0, 0, 390, 450]))
    if now and people and draw(st.booleans()):
        worker = people[0]
        if worker.starts_minutes < now:
            minutes, place = draw(st.integers(5, 60)), draw(st.sampled_from(PLACES))
            work.append(
                Task(
                    "begun", place, minutes, 0, 900, owners=(worker.code,), begun_minutes=now - draw(st.integers(0, 20))
                )
            )
    return Day(people, tuple(work), WALKING, now, PARAMS)

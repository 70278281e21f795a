"""Who reads and who writes posts and people, what is said of people, and what needs are asked for."""

from django.db import models
from django.utils.translation import pgettext_lazy

from vardnara.apps.accounts.choices import Role

WRITERS = (Role.CONTROLLER, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
DAY_KEEPERS = (Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR)  # who keep the ways of the whole hospital
DAY_PLANNERS = (*DAY_KEEPERS, Role.UNIT_MANAGER)  # who see and plan the day, or the part of it that is theirs
READERS = (*WRITERS, Role.DECISION_MAKER, Role.AUDITOR)
PLANNERS = (Role.SERVICE_HEAD, Role.UNIT_MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR)  # who plan with people by name


class Measure(models.TextChoices):
    """The full-time measure that a share is of (W-30..W-33); its minutes stand in ``working_time.toml``."""

    WEEKDAYS = "weekdays", pgettext_lazy("measure", "Weekdays only, 40 h 00 min")
    ALL_DAYS = "all_days", pgettext_lazy("measure", "Weekdays and weekends, 38 h 15 min")
    NIGHT_20 = "night_20", pgettext_lazy("measure", "At least 20 % nights, 36 h 20 min")
    NIGHT_30 = "night_30", pgettext_lazy("measure", "At least 30 % nights, 34 h 20 min")


class Competence(models.TextChoices):
    """What a person can be trained for; how long it holds is the employer's to say."""

    FOOD_HYGIENE = "food_hygiene", pgettext_lazy("competence", "Food hygiene")
    CLEANING = "cleaning", pgettext_lazy("competence", "Cleaning")
    CONTAGION = "contagion", pgettext_lazy("competence", "Contagion cleaning")


class LeaveKind(models.TextChoices):
    """Why a person is not there, as far as a roster and payroll need it."""

    VACATION = "vacation", pgettext_lazy("leave", "Vacation")
    LEAVE = "leave", pgettext_lazy("leave", "Leave of absence")
    SICK = "sick", pgettext_lazy("leave", "Sick leave")
    CHILD = "child", pgettext_lazy("leave", "Care of a child")
    TRAINING = "training", pgettext_lazy("leave", "Training")


MOST_POSTS = 60  # of a curve: as long as somebody waits for it


class Whose(models.TextChoices):
    """Which of the work posts are laid out on."""

    SERVICE = "service", pgettext_lazy("allocation", "Ward service's by agreement, and nobody's")
    ALL = "all", pgettext_lazy("allocation", "All work of the catalogue")


class ZonedBy(models.TextChoices):
    """Within what the same people do the work."""

    WARD = "ward", pgettext_lazy("allocation", "The ward")
    DIVISION = "division", pgettext_lazy("allocation", "The division")


class RunState(models.TextChoices):
    """How far a curve is."""

    WAITING = "waiting", pgettext_lazy("allocation", "waits for the worker")
    RUNNING = "running", pgettext_lazy("allocation", "is being reckoned")
    DONE = "done", pgettext_lazy("allocation", "done")
    FAILED = "failed", pgettext_lazy("allocation", "could not be reckoned")
    CANCELLED = "cancelled", pgettext_lazy("allocation", "stopped")


UNDER_WAY = (RunState.WAITING, RunState.RUNNING)
ENDED = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)


LONGEST_ROSTER_WEEKS = 26


class RosterState(models.TextChoices):
    """A draft is the planners' alone; a published roster holds, and each change to it is kept."""

    DRAFT = "draft", pgettext_lazy("roster", "Draft")
    PUBLISHED = "published", pgettext_lazy("roster", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("roster", "Discarded")


class NeedDay(models.TextChoices):
    """Kinds of days, as posts by need know them: holidays and eves on Monday to Friday are one of their own (W-67)."""

    MONDAY = "mon", pgettext_lazy("weekday", "Monday")
    TUESDAY = "tue", pgettext_lazy("weekday", "Tuesday")
    WEDNESDAY = "wed", pgettext_lazy("weekday", "Wednesday")
    THURSDAY = "thu", pgettext_lazy("weekday", "Thursday")
    FRIDAY = "fri", pgettext_lazy("weekday", "Friday")
    SATURDAY = "sat", pgettext_lazy("weekday", "Saturday")
    SUNDAY = "sun", pgettext_lazy("weekday", "Sunday")
    HOLIDAY = "holiday", pgettext_lazy("weekday", "Holiday or eve")


class Origin(models.TextChoices):
    """How somebody came to a shift."""

    SEARCH = "search", pgettext_lazy("roster", "suggested")
    HAND = "hand", pgettext_lazy("roster", "by hand")
    SWAP = "swap", pgettext_lazy("roster", "swapped")
    REPAIR = "repair", pgettext_lazy("roster", "stepped in")


class ChangeCause(models.TextChoices):
    """Why a line of a roster changed."""

    SEARCH = "search", pgettext_lazy("roster", "suggestion")
    HAND = "hand", pgettext_lazy("roster", "by hand")
    SWAP = "swap", pgettext_lazy("roster", "swap")
    SICK = "sick", pgettext_lazy("roster", "absence")
    REPAIR = "repair", pgettext_lazy("roster", "stepping in")
    UNDO = "undo", pgettext_lazy("roster", "undone")


class RunKind(models.TextChoices):
    """What a search is for."""

    SOLVE = "solve", pgettext_lazy("roster", "the whole period")
    REPAIR = "repair", pgettext_lazy("roster", "an absence")


class PolicyChoice(models.TextChoices):
    """Who decides what is done next; the codes are the dispatch engine's."""

    OWN_CHOICE = "own_choice", pgettext_lazy("dispatch", "The worker chooses from the list")
    SUGGESTED = "suggested", pgettext_lazy("dispatch", "One task is put first, with reasons")
    AUTOMATIC = "automatic", pgettext_lazy("dispatch", "The task is given")


class PlanCause(models.TextChoices):
    """What a day plan was made for."""

    ASKED = "asked", pgettext_lazy("dispatch", "asked for")
    MORNING = "morning", pgettext_lazy("dispatch", "made by itself")
    EVENT = "event", pgettext_lazy("dispatch", "something happened")
    CHOSEN = "chosen", pgettext_lazy("dispatch", "another day was chosen")


class SwapState(models.TextChoices):
    """How far an offered shift is: the colleague answers, then whoever plans; ``expired`` when a shift has begun."""

    ASKED = "asked", pgettext_lazy("swap", "waits for the answer")
    ACCEPTED = "accepted", pgettext_lazy("swap", "waits for approval")
    DONE = "done", pgettext_lazy("swap", "swapped")
    DECLINED = "declined", pgettext_lazy("swap", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("swap", "withdrawn")
    REFUSED = "refused", pgettext_lazy("swap", "not approved")
    EXPIRED = "expired", pgettext_lazy("swap", "too late")


SWAP_OPEN = (SwapState.ASKED, SwapState.ACCEPTED)
APPROVERS = (Role.SERVICE_HEAD, Role.UNIT_MANAGER)  # heads of unit: who answer for people's time and swaps
PAYERS = (Role.SERVICE_HEAD, Role.ADMINISTRATOR)  # who hand the whole hospital's time to payroll


class WorkedState(models.TextChoices):
    """Worked time is said, then approved by somebody else."""

    SAID = "said", pgettext_lazy("worked", "waits for approval")
    APPROVED = "approved", pgettext_lazy("worked", "approved")


class TimeSort(models.TextChoices):
    """What a stretch of time is to payroll; whether extra time is overtime, and of which kind, is payroll's to say."""

    ORDINARY = "ordinary", pgettext_lazy("worked", "as rostered")
    EXTRA = "extra", pgettext_lazy("worked", "beyond the roster")
    ABSENT = "absent", pgettext_lazy("worked", "not worked")


class AbsentReason(models.TextChoices):
    """Why rostered time was not worked, as far as payroll needs it."""

    SICK = "sick", pgettext_lazy("worked", "fell ill")
    CHILD = "child", pgettext_lazy("worked", "child ill")
    LEAVE = "leave", pgettext_lazy("worked", "time off")
    LATE = "late", pgettext_lazy("worked", "came late or left early")
    VACATION = "vacation", pgettext_lazy("worked", "vacation")
    TRAINING = "training", pgettext_lazy("worked", "training")

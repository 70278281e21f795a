"""The patient's own pages: the code, the meals, one meal, the thanks; always a way back and a way to a human."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control

from vardnara.apps.accounts.views.access import allow_public
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.meals.choices import DietPart, Exclusion, MealKind, OrderOrigin, Portion
from vardnara.apps.meals.queries.patient_menu import (
    PatientMenu,
    dish_photo,
    meals_ahead,
    patient_menu,
    said_by_patient,
)
from vardnara.apps.meals.services import access, diet, ordering
from vardnara.apps.meals.services.diet import Words as DietWords
from vardnara.apps.meals.services.ordering import Pick
from vardnara.apps.meals.services.patient_ordering import diet_unknown_tell, meal_decline
from vardnara.apps.meals.views.patient_door import (
    Guest,
    Look,
    at_bed,
    cookie_set,
    inside,
    look_set,
    show,
)
from vardnara.apps.meals.views.patient_words import LANGUAGES, names
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

TOO_LATE = ("after_deadline", "order_is_on_its_way", "meal_held")
SAID = {"dish_blocked": "blocked_now", "not_offered": "blocked_now", "nothing_picked": "choose_one"}
DISHES_MOST = ordering.DISHES_MOST
ALLERGENS = tuple(str(n) for n in range(1, 15))


@at_bed
def start(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The meals of a device that has given the code; any other is asked for it."""
    if request.method == "POST":
        return _begin(request, guest)
    if guest.stay is None:
        return show(request, "code", guest)
    cards = meals_ahead(stay=guest.stay, at=guest.at, language=guest.look.language)
    return show(request, "meals", guest, cards=cards, today=local_date(guest.at))


def _begin(request: HttpRequest, guest: Guest) -> HttpResponse:
    typed = "".join(str(int(sign)) for sign in request.POST.get("code", "")[:20] if sign.isdecimal())
    try:
        token = access.session_begin(bed_id=guest.bed.bed_id, code=typed, at=guest.at, language=guest.look.language)
    except RuleBroken as error:
        return show(request, "code", guest, status=422, fault=error.code)
    session = access.session_of(token=token, bed_id=guest.bed.bed_id, at=guest.at)
    if session is not None:
        for stay in stays_by_id([session.access.stay_id]).values():
            diet_unknown_tell(stay=stay, at=guest.at)
    answer = redirect("meals:patient", token=guest.token)
    cookie_set(request, answer, token)
    return answer


@at_bed
def look(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Language, easy words and large letters."""
    if request.method != "POST":
        return show(request, "look", guest, languages=names())
    now, asked = guest.look, request.POST.get("language", "")
    wanted = Look(
        language=asked if asked in LANGUAGES else now.language,
        easy={"on": True, "off": False}.get(request.POST.get("easy", ""), now.easy),
        large={"on": True, "off": False}.get(request.POST.get("large", ""), now.large),
    )
    if guest.session is not None:
        access.language_keep(session=guest.session, language=wanted.language)
    name = "meals:patient" if asked else "meals:patient_look"
    answer = redirect(name, token=guest.token)
    look_set(request, answer, wanted)
    return answer


@inside
def help_me(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Call somebody; said once, and shown until somebody has come."""
    assert guest.session is not None
    if request.method == "POST":
        access.help_call(session=guest.session, ward_id=guest.bed.ward_id, at=guest.at)
        return redirect("meals:patient_help", token=guest.token)
    return show(request, "help", guest)


@inside
def meal(request: HttpRequest, guest: Guest, on: str, meal: str) -> HttpResponse:
    """One meal: which dish, how much, thanks."""
    assert guest.stay is not None and guest.session is not None
    day = _day(on, meal)
    if request.method == "POST":
        return _choose(request, guest, day, meal)
    menu = _menu(guest, day, meal)
    return _meal_page(request, guest, menu)


def _day(on: str, meal: str) -> date:
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise Http404 from error
    if meal not in MealKind.values:
        raise Http404
    return day


def _menu(guest: Guest, day: date, meal: str) -> PatientMenu:
    assert guest.stay is not None
    try:
        return patient_menu(stay=guest.stay, on=day, meal=meal, at=guest.at, language=guest.look.language)
    except RuleBroken as error:
        raise Http404 from error


def _meal_page(
    request: HttpRequest, guest: Guest, menu: PatientMenu, *, fault: str = "", status: int = 200
) -> HttpResponse:
    words: dict[str, object] = {
        "menu": menu,
        "today": local_date(guest.at),
        "command": uuid4(),
        "portions": Portion.values,
        "fault": fault,
    }
    if "klart" in request.GET and not fault:
        return show(request, "thanks", guest, **words)
    if not menu.open:
        return show(request, "closed", guest, status=status, **words)
    if not menu.safe and not _fasting(menu) and menu.dishes:
        assert guest.session is not None
        access.help_call(session=guest.session, ward_id=guest.bed.ward_id, at=guest.at)
        words["called"] = True
    asked = request.GET.get("ratt", "")
    dish = menu.dish(int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    if dish is not None and not fault:
        return show(request, "how_much", guest, dish=dish, **words)
    words |= {"several": not menu.one_main or "mer" in request.GET, "fasting": _fasting(menu)}
    return show(request, "dishes", guest, status=status, **words)


def _fasting(menu: PatientMenu) -> bool:
    """Whether the patient may not eat at all then: nobody need be called about that."""
    return bool(menu.dishes) and all(any(one.code == "fasting" for one in dish.reasons) for dish in menu.dishes)


def _choose(request: HttpRequest, guest: Guest, day: date, meal: str) -> HttpResponse:
    assert guest.stay is not None
    menu = _menu(guest, day, meal)
    try:
        command = UUID(request.POST.get("command", ""))
    except ValueError:
        command = None
    try:
        if request.POST.get("deed") == "none":
            meal_decline(
                stay=guest.stay, on=day, meal=meal, at=guest.at, received_at=guest.received_at, command=command
            )
        else:
            ordering.order_place(
                stay_id=guest.stay.id,
                on=day,
                meal=meal,
                picks=[Pick(dish) for dish in _picks(request, menu)],
                portion=_portion(request, menu),
                at=guest.at,
                received_at=guest.received_at,
                origin=OrderOrigin.PATIENT,
                command=command,
            )
    except RuleBroken as error:
        menu = _menu(guest, day, meal)
        if error.code in TOO_LATE:
            return show(request, "closed", guest, status=422, menu=menu, today=local_date(guest.at))
        return _meal_page(request, guest, menu, fault=SAID.get(error.code, "went_wrong"), status=422)
    return redirect(f"{reverse('meals:patient_meal', args=[guest.token, day.isoformat(), meal])}?klart")


def _picks(request: HttpRequest, menu: PatientMenu) -> list[int]:
    """The dishes of the tray: one dish of the menu takes another's place at lunch and dinner, the rest stays."""
    wanted = list(dict.fromkeys(int(one) for one in request.POST.getlist("dish") if one.isdecimal() and len(one) < 19))
    chosen = [one for one in menu.safe if one.chosen]
    if "several" in request.POST:  # the whole list was shown, so what is not ticked is not wanted
        shown = {one.dish_id for one in (menu.extras if menu.one_main else menu.safe)}
        return [one.dish_id for one in chosen if one.dish_id not in shown] + wanted
    mains = {one.dish_id for one in menu.mains}
    kept = [one.dish_id for one in chosen if not (menu.one_main and one.dish_id in mains and set(wanted) & mains)]
    return [*wanted, *(one for one in kept if one not in wanted)][:DISHES_MOST]


def _portion(request: HttpRequest, menu: PatientMenu) -> str:
    asked = request.POST.get("portion", "")
    if asked in Portion.values:
        return asked
    return menu.order.portion if menu.order is not None else ""


@inside
def why(request: HttpRequest, guest: Guest, on: str, meal: str) -> HttpResponse:
    """Dishes of the meal that are not for this patient, and plainly why."""
    menu = _menu(guest, _day(on, meal), meal)
    return show(request, "why", guest, menu=menu, today=local_date(guest.at))


@inside
def avoid(request: HttpRequest, guest: Guest) -> HttpResponse:
    """What the patient does not eat; it only narrows, and only what the patient said can be taken back here."""
    assert guest.stay is not None
    fault = ""
    if request.method == "POST":
        part, _, code = request.POST.get("add", "").partition(":")
        back = request.POST.get("back", "")
        try:
            if back.isdecimal() and len(back) < 19:
                diet.patient_takes_back(stay=guest.stay, restriction_id=int(back), at=guest.at)
            else:
                diet.patient_narrows(stay=guest.stay, words=DietWords(part, code), at=guest.at)
            return redirect("meals:patient_avoid", token=guest.token)
        except RuleBroken:
            fault = "went_wrong"
    said = said_by_patient(stay=guest.stay, at=guest.at)
    held = {(one.part, one.code) for one in said}
    return show(
        request,
        "avoid",
        guest,
        status=422 if fault else 200,
        fault=fault,
        said=said,
        exclusions=[one for one in Exclusion.values if (DietPart.EXCLUSION, one) not in held],
        allergens=[one for one in ALLERGENS if (DietPart.ALLERGEN, one) not in held],
    )


@allow_public
@cache_control(max_age=86_400, public=True, immutable=True)
def photo(request: HttpRequest, dish_id: int, digest: str) -> HttpResponse:
    """A dish's photo, which says nothing of anybody."""
    jpeg = dish_photo(dish_id=dish_id, digest=digest)
    if jpeg is None:
        raise Http404
    return HttpResponse(jpeg, content_type="image/jpeg")

"""Posts: what services and the database refuse, files whole or not at all, and sums that can be worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation
from openpyxl import Workbook, load_workbook
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.staffing import services
from vardnara.apps.staffing.models import Post, PostFunding
from vardnara.apps.staffing.queries.posts import post_one, posts_on
from vardnara.apps.staffing.services import FundingWords, PostWords
from vardnara.apps.staffing.services.demo import demo_posts_load
from vardnara.kernel.errors import InputError, RuleBroken

SINCE, DAY = date(2026, 1, 1), date(2026, 3, 5)
PAID = {
    "monthly_sek": Decimal(27_500),
    "inconvenient_sek": Decimal(20_000),
    "overhead_sek": Decimal(30_000),
    "pay_year": 2026,
    "charges_share": Decimal("0.39"),
    "charges_basis": "Egen sats",
}
# 12 x 27,500 + 31 x 0.605 % x 27,500 + 20,000 = 355,157.63; 39 % of it is 138,511.48; 30,000 of overhead
FULL, HOUR = Decimal("523669.11"), Decimal("318.34")
HEAD = "number;title;ward;pool;share;from_on;last_on;monthly_sek;pay_year;charges_share;charges_basis;"
HEAD += "party;funded_from_on;funded_last_on;in_frame;stimulus\n"


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def words(stage: Stage, number: str = "1", **said) -> PostWords:
    base = {"number": number, "title": "Servicemedarbetare", "share": Decimal(1), "from_on": SINCE}
    place = {} if {"division_id", "pool"} & set(said) else {"ward_id": stage.ward.pk}
    return PostWords(**(base | place | said))


def add(stage: Stage, number: str = "1", fundings: tuple[FundingWords, ...] = (), **said) -> Post:
    actor, hospital = stage.users["controller"], stage.ward.division.hospital_id
    post = services.post_add(hospital_id=hospital, words=words(stage, number, **said), actor=actor, at=AT)
    services.funding_set(post_id=post.pk, fundings=fundings, actor=actor, at=AT)
    return post


def read(stage: Stage, path: Path) -> tuple[int, int]:
    with translation.override("en"):
        return services.posts_import(
            hospital_id=stage.ward.division.hospital_id,
            path=path,
            file_name=path.name,
            actor=stage.users["service_head"],
            at=AT,
        )


def refused(stage: Stage, path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read(stage, path)
    return [str(fault) for fault in error.value.faults]


def client_of(stage: Stage, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users[role])
    return client


def text(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"share": Decimal(0)}, "bad_share"),
        ({"share": Decimal("1.1")}, "bad_share"),
        ({"to_on": SINCE}, "bad_dates"),
        ({"pool": "Pool", "ward_id": 1}, "post_place_one"),
        ({"pool": ""}, "post_place_one"),
        ({"monthly_sek": Decimal(-1), "pay_year": 2026}, "pay_negative"),
        ({"monthly_sek": Decimal(1)}, "pay_without_year"),
        ({"charges_share": Decimal("0.4")}, "charges_without_basis"),
        ({"charges_share": Decimal(39), "charges_basis": "x"}, "bad_charges"),
    ],
)
def test_what_cannot_be_is_refused_by_service_and_database(stage: Stage, said: dict, code: str) -> None:
    """Neither who goes through the service nor who goes round it can write a post that cannot be."""
    with pytest.raises(RuleBroken) as error:
        add(stage, **said)
    assert error.value.code == code and not Post.objects.exists()
    post = add(stage)
    with pytest.raises(DatabaseError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(**({"ward_id": None} if said == {"pool": ""} else said))


def test_a_number_is_once_and_a_post_is_never_deleted(stage: Stage) -> None:
    """It ends by a date, which can be taken back; the number stays its own."""
    post = add(stage)
    with pytest.raises(RuleBroken, match="1"):
        add(stage)
    with pytest.raises(DatabaseError), transaction.atomic():
        post.delete()
    actor = stage.users["administrator"]
    services.post_end(post_id=post.pk, to_on=date(2026, 3, 1), actor=actor, at=AT)
    assert posts_on(actor=actor, day=date(2026, 2, 28)).sums.posts == 1
    assert posts_on(actor=actor, day=date(2026, 3, 1)).sums.posts == 0
    services.post_end(post_id=post.pk, to_on=None, actor=actor, at=AT)
    assert posts_on(actor=actor, day=DAY).sums.posts == 1


def test_one_payer_at_a_time(stage: Stage) -> None:
    """The service says so, and the database holds it; payers that follow each other are no overlap."""
    first = FundingWords("A", SINCE, date(2026, 7, 1))
    post = add(stage, fundings=(first, FundingWords("B", date(2026, 7, 1))))
    with pytest.raises(RuleBroken, match="post") as error:
        services.funding_set(
            post_id=post.pk,
            fundings=[first, FundingWords("B", date(2026, 6, 30))],
            actor=stage.users["controller"],
            at=AT,
        )
    assert error.value.code == "funding_overlaps" and post.fundings.count() == 2
    with pytest.raises(DatabaseError, match="staffing_one_payer_at_a_time"), transaction.atomic():
        PostFunding.objects.create(post=post, party="C", from_on=date(2026, 6, 30), to_on=None, in_frame=True)


@pytest.mark.parametrize("role", ["decision_maker", "auditor", "coordinator", "unit_manager"])
def test_who_does_not_write_is_refused(stage: Stage, role: str) -> None:
    """The service itself asks for the role, and for the hospital."""
    post, hospital = add(stage), stage.ward.division.hospital_id
    with pytest.raises(RuleBroken) as error:
        services.post_end(post_id=post.pk, to_on=DAY, actor=stage.users[role], at=AT)
    assert error.value.code == "wrong_role"
    foreign = User.objects.create(username="foreign", role="controller")
    Scope.objects.create(user=foreign, hospital=stage.foreign.room.ward.division.hospital)
    with pytest.raises(RuleBroken) as error:
        services.post_change(post_id=post.pk, words=words(stage), actor=foreign, at=AT)
    assert error.value.code == "unknown_post"
    with pytest.raises(RuleBroken) as error:
        services.post_add(hospital_id=hospital, words=words(stage, "2"), actor=foreign, at=AT)
    assert error.value.code == "out_of_scope"


def test_cost_by_hand_and_gaps_in_words(stage: Stage) -> None:
    """Half a post costs half; the hour is that of full time; funding that ends and days without it are told."""
    gap = (
        FundingWords("A", SINCE, date(2026, 7, 1)),
        FundingWords("S", date(2026, 8, 1), date(2027, 1, 1), False, True),
    )
    post = add(stage, fundings=gap, share=Decimal("0.5"), **PAID)
    row = post_one(actor=stage.users["auditor"], post_id=post.pk, day=DAY)
    assert row.full_time is not None
    assert (row.full_time.total_sek, row.full_time.hourly_sek, row.cost_sek) == (FULL, HOUR, Decimal("261834.56"))
    assert [(one.from_on, one.last_on) for one in row.gaps] == [
        (date(2026, 7, 1), date(2026, 7, 31)),
        (date(2027, 1, 1), None),
    ]
    page = text(client_of(stage, "auditor").get(f"/tjanster/{post.pk}/"))
    for said in (
        "Nobody pays from 1 January 2027 on.",
        "The funding from S ends 31 December 2026, and nobody takes over.",
        "261,835 kr",
        "318.34 kr",
        "39 %: Egen sats",
        "1,645 of them",
    ):
        assert said in page, said
    assert "Change the post" not in page


def test_the_register_sums_by_ward_and_pool_of_the_day(stage: Stage) -> None:
    """Two in frame, one outside, half paid by nobody, one that has ended: each in its column."""
    own, money = FundingWords("Nämnden", SINCE), FundingWords("Stimulans", SINCE, date(2027, 1, 1), False, True)
    add(stage, "1", (own,), **PAID)
    add(stage, "2", (own,), ward_id=stage.other_ward.pk)
    add(stage, "3", (money,), pool="Pool")
    add(stage, "4", (), share=Decimal("0.5"), division_id=stage.ward.division_id)
    add(stage, "5", (own,), to_on=DAY)
    found = posts_on(actor=stage.users["decision_maker"], day=DAY)
    sums = found.sums
    assert (sums.posts, sums.in_frame, sums.outside, sums.unpaid) == (Decimal("3.5"), 2, 1, Decimal("0.5"))
    assert (sums.cost_sek, sums.n, sums.n_costed) == (FULL, 4, 1)
    assert [(part.name, part.sums.posts) for part in found.parts] == [("Division", Decimal("2.5")), ("", 1)]
    assert [place.name for place in found.parts[0].places] == ["", "Avdelning K1", "Avdelning M1"]
    client = client_of(stage, "decision_maker")
    page = text(client.get("/tjanster/?dag=2026-03-05"))
    assert "<b>3.5</b> full-time posts" in page and "known for 1 of 4" in page and "1 that have ended" in page
    assert "New post" not in page and text(client.get("/tjanster/?dag=2026-03-04")).count("<b>4.5</b>") == 1
    sheet = load_workbook(BytesIO(client.get("/tjanster/lista.xlsx?dag=2026-03-05").content)).active
    assert sheet["F8"].value == "=SUM(F4:F7)" and sheet["A4"].value == "4"
    assert client.get("/tjanster/?dag=nonsense").status_code == 422


def test_every_fault_by_line_and_nothing_half_read(stage: Stage, tmp_path: Path) -> None:
    """A sound first row does not come in while any other is wrong."""
    path = tmp_path / "posts.csv"
    rows = (
        "1;Service;K1;;1;2026-01-01;;;;;;;;;;",
        "2;Service;Q9;;1,2;2026-13-01;;;;;;;;;;",
        "3;;K1;Pool;1;2026-01-01;;;;;;;;;;",
        "4;Service;K1;Pool;1;2026-01-01;;;;;;;;;;",
        "5;Service;K1;;1;2026-01-01;2025-12-30;;;;;;;;;",
        "6;Service;K1;;1;2026-01-01;;27 500;;;;A;2026-01-01;;kanske;",
        "7;Service;K1;;1;2026-01-01;;;;0,39;;;;;;",
        "8;Service;K1;;1;2026-01-01;;;;;;A;2026-01-01;2026-06-30;ja;",
        "8;Annan;;;;;;;;;;B;2026-06-30;;ja;",
    )
    path.write_text(HEAD + "\n".join(rows) + "\n")
    assert refused(stage, path) == [
        "posts.csv:3: from_on: 2026-13-01, expected a day such as 2026-03-01",
        "posts.csv:3: ward: Q9, expected one of K1, M1",
        "posts.csv:4: title: missing",
        "posts.csv:5: ward: no place, or more than one, expected one of division, ward and pool",
        "posts.csv:6: last_on: ends before it begins, expected a last day after the first",
        "posts.csv:7: pay_year: missing, expected the year whose pay it is",
        "posts.csv:7: in_frame: kanske, expected yes or no",
        "posts.csv:8: charges_basis: social charges without their basis, or a basis without charges, "
        "expected both or none",
        "posts.csv:10: title: Annan, expected empty or as in the first row of number 8",
        "posts.csv:10: funded_from_on: somebody else pays already, expected one payer at a time",
    ]
    assert not Post.objects.exists()
    path.write_text("number;titel;share\n1;A;1\n")
    told = refused(stage, path)
    assert [one.split(",")[0] for one in told] == [
        "posts.csv:1: no column title",
        "posts.csv:1: no column from_on",
        "posts.csv:1: a column titel that nobody knows",
    ]


def test_a_workbook_s_faults_name_the_cell_and_its_dates_are_read(stage: Stage, tmp_path: Path) -> None:
    """Excel's own dates and numbers are what they look like; a bad one is told by sheet and cell."""
    book = Workbook()
    book.active.title = "Tjänster"
    book.active.append(["number", "title", "pool", "share", "from_on", "monthly_sek", "pay_year"])
    book.active.append([17, "Service", "Pool", 0.75, SINCE, 27500.5, 2026])
    book.save(path := tmp_path / "posts.xlsx")
    assert read(stage, path) == (1, 0)
    post = Post.objects.get()
    assert (post.number, post.share, post.from_on) == ("17", Decimal("0.75"), SINCE)
    assert post.monthly_sek == Decimal("27500.5")
    book.active["D2"] = 1.75
    book.save(path)
    assert refused(stage, path) == [
        "posts.xlsx:Tjänster!D2: share: a share that cannot be, expected above 0, at most 1"
    ]


def test_what_goes_out_comes_in_again(stage: Stage, tmp_path: Path) -> None:
    """The CSV of the register, and the template, are read in by the page; what is there is changed, not doubled."""
    payers = (FundingWords("A", SINCE, date(2026, 7, 1)), FundingWords("=B", date(2026, 8, 1), None, False, True))
    add(stage, "1", payers, note="=1+1", **PAID)
    add(stage, "2", pool="Pool", share=Decimal("0.5"), to_on=date(2027, 1, 1))
    client = client_of(stage, "controller")
    out = client.get("/tjanster/lista.csv?dag=2026-03-05").content
    before = [list(Post.objects.order_by("pk").values()), list(PostFunding.objects.order_by("party").values())]
    Post.objects.update(title="Annat", share=Decimal("0.1"), monthly_sek=None)
    sent = SimpleUploadedFile("posts.csv", out)
    answer = client.post("/tjanster/inlasning/", {"file": sent, "encoding": "utf-8"}, follow=True)
    assert "Read in: 0 new, 2 changed." in text(answer)
    after = [list(Post.objects.order_by("pk").values()), list(PostFunding.objects.order_by("party").values())]
    left_out = {"changed_at", "changed_by_id"}
    assert [{k: v for k, v in row.items() if k not in left_out} for row in after[0]] == [
        {k: v for k, v in row.items() if k not in left_out} for row in before[0]
    ]
    assert [{k: v for k, v in row.items() if k != "id"} for row in after[1]] == [
        {k: v for k, v in row.items() if k != "id"} for row in before[1]
    ]
    template = client.get("/tjanster/mall.csv").content.decode().replace("K31", "K1").encode()
    sent = SimpleUploadedFile("mall.csv", template)
    assert client.post("/tjanster/inlasning/", {"file": sent, "encoding": "utf-8"}).status_code == 302
    assert Post.objects.count() == 3
    bad = client.post("/tjanster/inlasning/", {"file": SimpleUploadedFile("x.csv", b"number\n"), "encoding": "utf-8"})
    assert bad.status_code == 422 and "x.csv:1: no column title" in text(bad)


def test_a_controller_adds_funds_changes_and_ends_a_post_by_forms(stage: Stage) -> None:
    """The whole way by plain forms, each wrong step told at its field."""
    client = client_of(stage, "controller")
    form = {"number": "9", "title": "Måltidsvärd", "place": f"w{stage.ward.pk}", "share": "1", "from_on": "2026-01-01"}
    bad = client.post("/tjanster/ny/", form | {"pool": "Pool", "monthly_sek": "27500"})
    assert bad.status_code == 422 and "or name a pool: one of them" in text(bad) and "year&#x27;s pay" in text(bad)
    where = client.post("/tjanster/ny/", form)["Location"]
    assert "Another post has that number" in text(client.post("/tjanster/ny/", form))
    payers = {"f-TOTAL_FORMS": "2", "f-INITIAL_FORMS": "0"}
    payers |= {"f-0-party": "Nämnden", "f-0-from_on": "2026-01-01", "f-0-last_on": "2026-06-30", "f-0-in_frame": "on"}
    second = {"f-1-party": "Vården", "f-1-from_on": "2026-06-30"}
    assert "Two pay for the post" in text(client.post(f"{where}finansiering/", payers | second))
    assert client.post(f"{where}finansiering/", payers).status_code == 302
    assert PostFunding.objects.get().to_on == date(2026, 7, 1)
    assert client.post(f"{where}andra/", form | {"share": "0.5"}).status_code == 302
    assert client.post(f"{where}avsluta/", {"last_on": "2026-12-31"}).status_code == 302
    post = Post.objects.get()
    assert (post.share, post.to_on) == (Decimal("0.5"), date(2027, 1, 1))
    page = text(client.get(where))
    assert "Nobody pays from 1 July 2026 to 31 December 2026." in page
    assert client.post(f"{where}avsluta/", {"go_on": "1"}).status_code == 302
    assert Post.objects.get().to_on is None


def test_the_invented_posts_are_what_the_demo_says(stage: Stage) -> None:
    """Thirteen: in wards in frame, two in a pool outside, one paid by care; loaded once."""
    hospital = stage.ward.division.hospital_id
    assert demo_posts_load(hospital_id=hospital, at=AT) and not demo_posts_load(hospital_id=hospital, at=AT)
    sums = posts_on(actor=stage.users["auditor"], day=DAY).sums
    assert (sums.outside, sums.unpaid, sums.n - sums.n_costed) == (2, 0, 2)
    assert sums.in_frame == 3  # the stage has two wards; the invented hospital has ten of them

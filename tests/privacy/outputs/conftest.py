"""Companies, recipients and a kind of file for the tests of the door. People are invented, written by the owner."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from kumiai.jobs import engine, tasks
from members.enrollment.models import EligibilityPeriod, Member
from privacy.outputs import kinds as registry
from privacy.outputs import people as known
from privacy.outputs.activities import PROVISION_RECORDS
from privacy.outputs.enums import Basis, FileFormat, RecipientKind
from privacy.outputs.kinds import Allowed, Column, Row, register_file
from privacy.outputs.models import Agreement, Output, Recipient
from privacy.outputs.people import Named, know_people
from privacy.outputs.rules.names import name_key
from privacy.scope import population, scope
from tests.members.enrollment.people import make_employer, make_member

KIND = "tests.roster"
CAMPAIGN = "tests.campaign"
COUNTS = "tests.counts"


def _protected(ids, on):
    found = set(Member.objects.filter(pk__in=list(ids), protected=True).values_list("pk", flat=True))
    population("保護対象", len(found))
    return found


def _named(ids):
    found = {m.pk: Named(m.pk, m.card_number, m.name) for m in Member.objects.filter(pk__in=list(ids))}
    return found


def _find(typed):
    parts = typed.split("-")
    if len(parts) != 3:
        return None
    found = Member.objects.filter(symbol=parts[0], number=parts[1], branch=parts[2]).first()
    return found.pk if found else None


def everybody_ever(order):
    """A careless list: whoever was ever at the employer, or with no employer, everybody. The door has to prove more."""
    periods = EligibilityPeriod.objects.all()
    if order["employer"]:
        periods = periods.filter(employer=order["employer"])
    ids = list(dict.fromkeys(periods.order_by("member_id").values_list("member_id", flat=True)))
    population("名簿", len(ids))
    return ids


def at_the_employer_on_the_date(order, ids):
    periods = EligibilityPeriod.objects.filter(member__in=list(ids), period__contains=order["on"])
    if order.addressee.employer_id is not None:
        periods = periods.filter(employer=order.addressee.employer_id)
    if order.addressee.member_id is not None:
        periods = periods.filter(member=order.addressee.member_id)
    found = set(periods.values_list("member_id", flat=True))
    population("受取人の人", len(found))
    return found


def roster(order, ids):
    members = {m.pk: m for m in Member.objects.filter(pk__in=list(ids))}
    return [
        Row(pk, {"number": members[pk].card_number, "name": members[pk].name, "birth_date": members[pk].birth_date})
        for pk in ids
        if pk in members
    ]


def how_many(order, ids):
    return [Row(None, {"label": "人数", "count": len(ids)})]


ROSTER = (Column("number", "番号"), Column("name", "氏名"), Column("birth_date", "生年月日"))
COMMON = {
    "activity": PROVISION_RECORDS,
    "columns": ROSTER,
    "parameters": {"employer": int, "on": date},
    "subjects": everybody_ever,
    "belongs": at_the_employer_on_the_date,
    "build": roster,
}


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Kinds of files of the tests, and what the door knows of people; both go again."""
    registry.load()
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    monkeypatch.setattr(known, "_known", [])
    know_people(protected=_protected, named=_named, find=_find)
    register_file(
        KIND,
        "資格の名簿",
        recipients={
            RecipientKind.EMPLOYER: Allowed(Basis.LAW, ("number", "name"), article="健康保険法49条"),
            RecipientKind.CONTRACTOR: Allowed(Basis.CONTRACT, ("number", "name", "birth_date")),
            RecipientKind.INSURER: Allowed(Basis.CONSENT, ("number", "name", "birth_date")),
            RecipientKind.PERSON: Allowed(Basis.OWN, ("number", "name", "birth_date")),
        },
        formats={FileFormat.CSV: None, FileFormat.PDF: lambda document: b"%PDF-" + document.footer.line.encode()},
        unit="名",
        **COMMON,
    )
    register_file(
        CAMPAIGN,
        "案内の宛先",
        recipients={RecipientKind.CONTRACTOR: Allowed(Basis.CONTRACT, ("number", "name"))},
        formats={FileFormat.CSV: None},
        second_person=False,
        **COMMON,
    )
    register_file(
        COUNTS,
        "人数の統計",
        recipients={RecipientKind.STATE: Allowed(Basis.LAW, ("label", "count"), article="健康保険法198条")},
        formats={FileFormat.CSV: None},
        counts_only=True,
        second_person=False,
        **COMMON | {"columns": (Column("label", "区分"), Column("count", "人数", figure=True)), "build": how_many},
    )


@pytest.fixture
def sent(monkeypatch):
    """Ids of jobs handed to the broker; nothing leaves the process."""
    ids: list[int] = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: ids.append(*args))
    return ids


@pytest.fixture
def place(owner, personas, sent):
    """Two companies with people, and recipients of several kinds."""
    with owner():
        a, x = make_employer("あおば印刷株式会社"), make_employer("ひなた物流株式会社")
        made = SimpleNamespace(
            a=a,
            x=x,
            at_a=[make_member(employer=a, names=(f"青木{n}", "一", "アオキ", "ハジメ")) for n in ("甲", "乙", "丙")],
            at_x=[make_member(employer=x, names=(f"日向{n}", "二", "ヒュウガ", "ニ")) for n in ("甲", "乙")],
            to_a=recipient("A1", "employer", "あおば印刷株式会社", employer_id=a.pk),
            to_x=recipient("X1", "employer", "ひなた物流株式会社", employer_id=x.pk),
            contractor=recipient("C1", "contractor", "みなと印刷センター"),
            insurer=recipient(
                "I1", "insurer", "架空の健康保険組合", address="架空市1-1", representative="理事長 見本 次郎"
            ),
            state=recipient("S1", "state", "地方厚生局"),
        )
    return made


def recipient(code, kind, name, **fields):
    return Recipient.objects.create(
        code=code, kind=kind, name=name, name_key=name_key(name), since=date(2020, 4, 1), **fields
    )


@pytest.fixture
def agree(owner, personas):
    def make(to, *, kind=KIND, basis="contract", items=("number", "name"), days=30, until=None, **fields):
        with owner():
            return Agreement.objects.create(
                recipient=to, file_kind=kind, basis=basis, title="個人データの取扱いに関する覚書", items=list(items),
                period=DateRange(date(2025, 4, 1), until), return_days=days if basis == "contract" else None,
                recorded_by=personas["田中"], **fields,
            )  # fmt: skip

    return make


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ask(personas, today):
    """Ask for a file as 佐藤, through the scope, as the screen does."""
    from privacy.outputs import actions

    def request(to=None, *, kind=KIND, by="佐藤", employer=None, on=None, run=True, **fields):
        with scope(PROVISION_RECORDS, personas[by], operation="export"):
            output = actions.request_output(
                by=personas[by], kind=kind, recipient=to, today=today,
                parameters={"employer": employer.pk if employer else None, "on": on or today}, **fields,
            )  # fmt: skip
        if run:
            engine.run(output.job_id)
        output.refresh_from_db()
        return output

    return request


@pytest.fixture
def confirm(personas):
    from privacy.outputs import actions

    def decide(output, *, code, count, by="小林"):
        with scope(PROVISION_RECORDS, personas[by], operation="decide"):
            return actions.confirm(
                by=personas[by], output_id=output.pk, recipient_code=code, count=count, at=timezone.now()
            )

    return decide


@pytest.fixture
def fetch(personas, today):
    from privacy.outputs import actions

    def take(output, *, by="佐藤", at=None, on=None):
        with scope(PROVISION_RECORDS, personas[by], operation="export"):
            return actions.fetch(by=personas[by], output_id=output.pk, at=at or timezone.now(), today=on or today)

    return take


@pytest.fixture
def text_of(owner):
    """The text of a kept CSV, read by the owner; None when the bytes are gone."""
    from privacy.outputs.models import EligibilityContent

    def read(output):
        with owner():
            found = EligibilityContent.objects.filter(pk=output.pk).first()
            return bytes(found.body).decode("utf-8-sig") if found else None

    return read


@pytest.fixture
def state_of(owner):
    def read(output):
        with owner():
            return Output.objects.get(pk=output.pk)

    return read

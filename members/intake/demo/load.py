"""Invented files of employers, made on demand from the invented register, and imports in every state."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F

from kumiai.jobs import engine
from kumiai.tabular.writing import Cell, csv_bytes
from kumiai.ui.formats import format_wareki_short
from members.enrollment.demo import names
from members.enrollment.models import Address, EligibilityPeriod, Member
from members.intake import actions
from members.intake.activities import MEMBER_IMPORT
from members.intake.rules.layouts import LAYOUTS, SEXES
from privacy.scope import scope

FEWEST = 20
"""Registered people of one employer that the files are about; with fewer there is nothing to show."""
MOST = 2_000
"""People one file tells of, however large the employer is."""


def example_file(kind: str, lines: Iterable[Mapping[str, Cell]], *, cp932: bool = False) -> bytes:
    """A file by the template of its kind."""
    columns = LAYOUTS[kind].columns
    return csv_bytes(
        [column.title for column in columns],
        [[line.get(column.code, "") for column in columns] for line in lines],
        encoding="cp932" if cp932 else "utf8",
    )


class Office:
    """One employer's personnel system: writes what it knows of its people, with mistakes."""

    def __init__(self, employer: Any, people: list[Member], dice: random.Random, today: date) -> None:
        self.employer, self.people, self.dice, self.today = employer, people, dice, today
        starts = EligibilityPeriod.objects.filter(member__in=people).order_by("period")
        self.starts = {period.member_id: period.period.lower for period in starts}
        homes = Address.objects.filter(member__in=people, cancelled=False, period__upper_inf=True)
        self.homes = {home.member_id: home for home in homes}

    def known(self, member: Member) -> dict[str, Cell]:
        """A line that says what is registered already."""
        home = self.homes.get(member.pk)
        line: dict[str, Cell] = {
            "symbol": member.symbol,
            "number": member.number,
            "branch": member.branch,
            "family_name": member.family_name,
            "given_name": member.given_name,
            "family_kana": member.family_kana,
            "given_kana": member.given_kana,
            "birth_date": format_wareki_short(member.birth_date),
            "sex": SEXES[member.sex],
            "start": format_wareki_short(self.starts[member.pk]),
        }
        if home is not None:
            line |= {"postal_code": home.postal_code, "town": home.town, "street": home.street}
        return line

    def newcomer(self, number: int) -> dict[str, Cell]:
        """Somebody who is not registered yet."""
        surname, surname_kana = self.dice.choice(names.FAMILY)
        sex = self.dice.choice("12")
        given, given_kana = self.dice.choice(names.MALE if sex == "1" else names.FEMALE)
        postal, town = self.dice.choice(names.TOWNS)
        born = date(1960, 1, 1) + timedelta(days=self.dice.randint(0, 16_000))
        return {
            "symbol": self.employer.symbol, "number": str(number), "branch": "00", "family_name": surname,
            "given_name": given, "family_kana": surname_kana, "given_kana": given_kana,
            "birth_date": format_wareki_short(born), "sex": SEXES[sex],
            "start": format_wareki_short(self.today.replace(day=1)), "postal_code": postal, "town": town,
            "street": f"{self.dice.randint(1, 9)}-{self.dice.randint(1, 30)}",
        }  # fmt: skip

    def moved(self, member: Member) -> dict[str, Cell]:
        """A line with another address than the register's."""
        postal, town = self.dice.choice(names.TOWNS)
        moved = {"postal_code": postal, "town": town, "street": f"{self.dice.randint(10, 40)}-1"}
        return self.known(member) | moved | {"change_date": format_wareki_short(self.today)}

    def full_list(self) -> bytes:
        """加入者の一覧 in CP932: mostly what is known, some who moved, some new, and three mistakes."""
        chosen = self.people[:14]
        lines = [self.moved(m) if place in (3, 8, 11) else self.known(m) for place, m in enumerate(chosen)]
        lines += [self.newcomer(9001 + place) for place in range(5)]
        lines[2] |= {"birth_date": "540927"}
        lines[6] |= {"birth_date": "S30.1.1"}
        lines.append(self.newcomer(9009) | {"number": ""})
        return example_file("members", lines, cp932=True)

    def newcomers(self) -> bytes:
        """資格取得届 of a month, one line without a reading."""
        lines = [self.newcomer(0) | {"number": ""} for _place in range(6)]
        lines[4] |= {"family_kana": "", "given_kana": ""}
        return example_file("acquisition", lines)

    def own_system(self) -> bytes:
        """The employer's own file: other heads, other words, tabs."""
        rows = [
            [
                m.number,
                m.name,
                m.kana,
                m.birth_date.isoformat(),
                "♂" if m.sex == "1" else "♀",
                "2-7-9 江坂パークレジデンス",
            ]
            for m in self.people[:8]
        ]
        head = ["健保No", "社員名", "ヨミ", "生年", "性", "町名番地"]
        return ("\r\n".join("\t".join(map(str, row)) for row in [head, *rows]) + "\r\n").encode("cp932", "replace")


def load(*, seed: int, today: date) -> int:
    """Imports as they stand on an ordinary day: one to look at, one applied in part, one to map, one unreadable."""
    clerk = get_user_model().objects.get(staff_number="1001")
    dice = random.Random(seed)
    with scope(MEMBER_IMPORT, clerk):
        office = _largest(dice, today)
    if office is None:
        return 0
    _take(clerk, "acquisition", office.newcomers(), f"資格取得届_{today:%Y%m%d}.csv", today, office, applied=True)
    _take(clerk, "members", office.full_list(), f"加入者一覧_{today:%Y%m%d}.csv", today, office)
    _take(clerk, "address", office.own_system(), "人事システム出力.txt", today, office)
    _take(clerk, "loss", b"PK\x03\x04" + bytes(200), "資格喪失届.xlsx", today, office)
    return 4


def _largest(dice: random.Random, today: date) -> Office | None:
    """The employer with the most people insured today, and at most MOST of those who are not protected."""
    covered = EligibilityPeriod.objects.filter(
        period__contains=today,
        kind="compulsory",
        employer__symbol=F("member__symbol"),
        member__protected=False,
        member__merged_into__isnull=True,
    ).exclude(member__family_kana="")
    largest = covered.values("employer").annotate(people=Count("pk")).order_by("-people", "employer").first()
    if largest is None or largest["people"] < FEWEST:
        return None
    periods = covered.filter(employer=largest["employer"]).select_related("member", "employer")
    found = list(periods.order_by("member__number_order")[:MOST])
    return Office(found[0].employer, [period.member for period in found], dice, today)


def _take(clerk: Any, kind: str, body: bytes, name: str, today: date, office: Office, *, applied: bool = False) -> None:
    with scope(MEMBER_IMPORT, clerk, operation="change"):
        received = actions.receive_file(
            by=clerk, kind=kind, employer=office.employer, received_date=today, name=name, body=body
        )
        job = received.file.job_id
    if job is None:
        return
    engine.run(job)
    if applied:
        with scope(MEMBER_IMPORT, clerk, operation="change"):
            received.file.refresh_from_db()
            again = actions.start_apply(by=clerk, file=received.file).job_id
        if again is not None:
            engine.run(again)

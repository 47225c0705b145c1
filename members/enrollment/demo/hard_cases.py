"""Awkward cases of invented people, each made by the actions a clerk uses, so that the screens have all of them to show."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from members.enrollment import actions, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.enums import AcquisitionReason, LossReason, MailingReason
from members.enrollment.models import Member
from privacy.scope import scope

HOME = {"postal_code": "1050011", "town": "東京都港区芝公園", "street": "4-2-8", "abroad": False}
HOSPITAL = {"postal_code": "1350000", "town": "東京都江東区架空", "street": "3-1 例示病院 5階"}
ABROAD = {"country": "US", "lines": "350 Sample Avenue, Apt 4B\nMadison, WI 53703"}


class Cases:
    """Makes one person a case, at the first two employers. The same seed makes the same people."""

    def __init__(self, *, seed: int, today: date, by: Any) -> None:
        self.dice = random.Random(seed + 7)
        self.today = today
        self.by = by
        first, second = list(queries.employers()[:2])
        self.first, self.second = first.pk, second.pk
        self.made = 0

    def day(self, years: int) -> date:
        """The first of a month some years ago."""
        return date(self.today.year - years, self.dice.randint(1, 12), 1)

    def report(self, day: date) -> actions.Report:
        """A document received a few days after the day, or today when the day is to come."""
        received = min(day + timedelta(days=self.dice.randint(1, 6)), self.today)
        return actions.Report(received_date=received, effective_date=day)

    def person(
        self, family: str, given: str, family_kana: str, given_kana: str, sex: str, **more: Any
    ) -> actions.Person:
        birth = date(self.dice.randint(1966, 1998), self.dice.randint(1, 12), self.dice.randint(2, 28))
        return actions.Person(family, given, family_kana, given_kana, more.pop("birth", birth), sex, **more)

    def do(self, action: Any, **values: Any) -> Any:
        """One action as one event of the history, as it would be from a screen."""
        with scope(MEMBER_ADMINISTRATION, self.by, operation="change"):
            return action(by=self.by, **values)

    def enter(self, person: actions.Person, day: date, *, employer: int | None = None, **more: Any) -> Member:
        self.made += 1
        return self.do(
            actions.acquire,
            employer_id=employer or self.first,
            person=person,
            report=self.report(day),
            reason=AcquisitionReason.EMPLOYMENT,
            address=more.pop("address", HOME),
            **more,
        )

    def act(self, action: Any, member: Member, day: date, **more: Any) -> Any:
        return self.do(action, member_id=member.pk, version=None, report=self.report(day), **more)

    def certify(self, insured: Member, person: actions.Person, relation: str, day: date) -> Member:
        self.made += 1
        return self.do(
            actions.certify_dependant,
            insured_id=insured.pk,
            version=None,
            person=person,
            relation=relation,
            report=self.report(day),
        )

    # --- the cases ---------------------------------------------------------------------------------------------------

    def returned(self) -> None:
        """Back with the number kept; back with a new number; a dependant who became insured."""
        kept = self.person("帰山", "直樹", "カエリヤマ", "ナオキ", "1")
        member = self.enter(kept, self.day(9))
        self.act(actions.lose, member, self.day(5), reason=LossReason.RETIREMENT)
        self.enter(kept, self.day(2), returning_id=member.pk, keep_number=True)
        renumbered = self.person("帰山", "千尋", "カエリヤマ", "チヒロ", "2")
        member = self.enter(renumbered, self.day(8))
        self.act(actions.lose, member, self.day(6), reason=LossReason.RETIREMENT)
        back = self.day(1)
        self.enter(renumbered, back, employer=self.second, returning_id=member.pk)
        child = self.person("帰山", "光", "カエリヤマ", "ヒカル", "1", birth=date(self.today.year - 22, 5, 5))
        depended = self.certify(member, child, "son", back)
        begins = self.today.replace(day=1)
        self.enter(child, begins, employer=self.second, returning_id=depended.pk)

    def same_day(self) -> None:
        """Another employer on one day, the family going on; re-employed on one day."""
        member = self.enter(self.person("移川", "恵", "ウツリカワ", "メグミ", "2"), self.day(7))
        self.certify(
            member, self.person("移川", "蓮", "ウツリカワ", "レン", "1", birth=self.day(4)), "son", self.day(3)
        )
        self.act(actions.transfer, member, self.day(1), employer_id=self.second, number="")
        again = self.enter(self.person("再田", "勉", "サイダ", "ツトム", "1", birth=date(1966, 3, 9)), self.day(12))
        self.act(
            actions.transfer,
            again,
            self.day(1),
            employer_id=self.first,
            acquisition_reason=AcquisitionReason.REEMPLOYED,
            loss_reason=LossReason.REEMPLOYED,
        )

    def two_employers(self) -> None:
        """Both ours; one outside."""
        both = self.enter(self.person("兼本", "隆", "カネモト", "タカシ", "1"), self.day(6))
        self.act(actions.add_concurrent, both, self.day(2), employer_id=self.second)
        outside = self.enter(self.person("兼本", "由紀", "カネモト", "ユキ", "2"), self.day(5))
        self.act(
            actions.add_concurrent,
            outside,
            self.day(1),
            outside_name="株式会社架空コンサルティング",
            outside_insurer="協会けんぽ",
        )

    def elsewhere(self) -> None:
        """Living abroad; letters to a hospital, and to a guardian."""
        abroad = self.enter(self.person("洋野", "亮", "ヒロノ", "リョウ", "1"), self.day(6))
        self.act(actions.change_address, abroad, self.day(1), address=ABROAD)
        ill = self.enter(self.person("宛田", "節子", "アテダ", "セツコ", "2"), self.day(10))
        self.act(actions.set_mailing_address, ill, self.day(1), address=HOSPITAL, reason=MailingReason.HOSPITAL)
        ward = self.enter(self.person("宛田", "実", "アテダ", "ミノル", "1"), self.day(10))
        self.act(
            actions.set_mailing_address,
            ward,
            self.day(2),
            address=HOME | {"street": "1-1-1 例示法律事務所"},
            addressee="成年後見人 見本 太郎",
            reason=MailingReason.GUARDIAN,
        )

    def names(self) -> None:
        """通称 and alphabet name; a reading nobody knows; a change of sex."""
        self.enter(
            self.person(
                "阮", "文雄", "グエン", "ヴァンフン", "1", common_name="山川 文雄", alphabet_name="NGUYEN VAN HUNG"
            ),
            self.day(3),
        )
        self.enter(self.person("彅", "翠嵐", "", "", "2", kana_unknown=True), self.day(1))
        changed = self.enter(self.person("性川", "薫", "サガワ", "カオル", "1"), self.day(6))
        self.act(actions.change_sex, changed, self.day(1), sex="2")

    def ahead_and_voluntary(self) -> None:
        """A loss entered ahead; 任意継続 with a family that goes on."""
        leaving = self.enter(self.person("先山", "徹", "サキヤマ", "トオル", "1"), self.day(15))
        soon = (self.today.replace(day=1) + timedelta(days=62)).replace(day=1)
        self.act(actions.lose, leaving, soon, reason=LossReason.RETIREMENT)
        going_on = self.enter(self.person("継田", "豊", "ツグタ", "ユタカ", "1"), self.day(14))
        self.certify(going_on, self.person("継田", "文", "ツグタ", "フミ", "2"), "wife", self.day(10))
        lost = (self.today - timedelta(days=100)).replace(day=1)
        self.act(actions.lose, going_on, lost, reason=LossReason.RETIREMENT)
        self.act(actions.enter_voluntary, going_on, lost)

    def twice(self) -> None:
        """Registered twice, still to be found; registered twice and merged."""
        double = self.person("重田", "朋子", "シゲタ", "トモコ", "2")
        self.enter(double, self.day(4))
        self.enter(double, self.day(1), employer=self.second)
        merged = self.person("重田", "健", "シゲタ", "ケン", "1")
        keep = self.enter(merged, self.day(8))
        other = self.enter(merged, self.day(6), employer=self.second)
        self.do(
            actions.merge_duplicates, keep_id=keep.pk, version=None, merged_id=other.pk, report=self.report(self.day(1))
        )


def load(*, seed: int, today: date) -> int:
    """Every case once, entered by 佐藤 of 適用課 in the scope of her work. Returns how many people were made."""
    clerk = get_user_model().objects.filter(staff_number="1001").first()
    if clerk is None:
        return 0
    cases = Cases(seed=seed, today=today, by=clerk)
    for make in (
        cases.returned,
        cases.same_day,
        cases.two_employers,
        cases.elsewhere,
        cases.names,
        cases.ahead_and_voluntary,
        cases.twice,
    ):
        make()
    return cases.made

"""Invented cases of 任意継続 and 年齢到達, the awkward ones among them, entered as the personas would enter them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from members.enrollment import actions as register
from members.enrollment import queries as enrollment
from members.enrollment.enums import AcquisitionReason, LossReason, Relation
from members.lifecycle import tasks
from members.lifecycle.actions import voluntary
from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.enums import EndKind
from members.lifecycle.models import VoluntaryTerm
from members.lifecycle.queries.voluntary import Facts, instalments_of
from members.lifecycle.rules.ages import births_effective
from members.lifecycle.rules.terms import add_months
from privacy.scope import scope

HOME = {"postal_code": "2300062", "town": "神奈川県横浜市鶴見区豊岡町", "street": "1-2"}
ABROAD = {"country": "US", "lines": "100 Example Street\nSample City, CA"}
DAY = timedelta(days=1)


@dataclass
class Desk:
    """A clerk at work; every entry in a scope of its own, as the screens do."""

    clerk: Any
    employer_id: int
    today: date
    made: list[int] = field(default_factory=list)

    def do(self, action: Any, **arguments: Any) -> Any:
        with scope(LIFECYCLE, self.clerk, operation="change"):
            return action(by=self.clerk, **arguments)

    def insured(
        self, names: tuple[str, str, str, str], birth: date, *, since: date, sex: str = "1", address: Any = None
    ) -> Any:
        """Somebody acquired on a day."""
        member = self.do(
            register.acquire,
            employer_id=self.employer_id,
            person=register.Person(*names, birth_date=birth, sex=sex),
            report=register.Report(received_date=since, effective_date=since),
            reason=AcquisitionReason.EMPLOYMENT,
            address=address or HOME,
        )
        self.made.append(member.pk)
        return member

    def dependant(
        self, head: Any, names: tuple[str, str, str, str], birth: date, relation: Relation, *, since: date
    ) -> None:
        sex = "2" if relation in (Relation.WIFE, Relation.MOTHER, Relation.DAUGHTER) else "1"
        self.do(
            register.certify_dependant,
            insured_id=head.pk,
            version=None,
            person=register.Person(*names, birth_date=birth, sex=sex),
            relation=relation,
            report=register.Report(received_date=since, effective_date=since),
        )

    def leaver(
        self,
        names: tuple[str, str, str, str],
        birth: date,
        *,
        since: date,
        lost: date,
        reason: LossReason = LossReason.RETIREMENT,
        family: tuple[tuple[tuple[str, str, str, str], date, Relation], ...] = (),
    ) -> Any:
        """Somebody acquired and lost."""
        member = self.insured(names, birth, since=since)
        for their_names, their_birth, relation in family:
            self.dependant(member, their_names, their_birth, relation, since=since)
        self.do(
            register.lose,
            member_id=member.pk,
            version=None,
            report=register.Report(received_date=lost, effective_date=lost),
            reason=reason,
        )
        return member

    def accept(self, member: Any, received: date, *, first_due: date, paid: int = 24, **facts: Any) -> VoluntaryTerm:
        """An accepted application, with as many months paid in time."""
        late_reason = facts.pop("late_reason", "")
        term: VoluntaryTerm = self.do(
            voluntary.accept_application,
            member_id=member.pk,
            facts=Facts(received_date=received, **facts),
            first_due=first_due,
            late_reason=late_reason,
        )
        with scope(LIFECYCLE, self.clerk):
            rows = [row for row in instalments_of(term) if row.due_date <= self.today]
        for row in rows[:paid]:
            self.do(voluntary.mark_paid, instalment_id=row.pk, paid_date=row.due_date, today=self.today)
        return term


def load(*, seed: int, today: date) -> int:
    """Cases of every kind, then the nights up to today; how many people were made. Needs the register's demo data.

    seed: what the cases are does not depend on it; it is taken so that every part of the demo is called alike.
    """
    clerk = get_user_model().objects.filter(staff_number="1006").first()
    employer = enrollment.employers().first()
    if clerk is None or employer is None:
        return 0
    desk = Desk(clerk, employer.pk, today)
    applications(desk)
    ages(desk)
    tasks.run_night(today - DAY)
    tasks.run_night(today)
    return len(desk.made)


def applications(desk: Desk) -> None:
    """Who may apply, who was accepted or refused, and every way it ends."""
    today = desk.today
    before = date(today.year - 12, 4, 1)
    month = add_months(today, -3)
    # May still apply: one on the last day, one whose two months need a certificate, one whom death keeps out.
    desk.leaver(("申出", "最終日", "モウシデ", "サイシュウビ"), date(1971, 2, 28), since=before, lost=today - 19 * DAY)
    desk.leaver(
        ("前健保", "証明", "マエケンポ", "ショウメイ"), date(1990, 7, 1), since=today - 40 * DAY, lost=today - 3 * DAY
    )
    desk.leaver(
        ("死亡", "喪失", "シボウ", "ソウシツ"),
        date(1960, 7, 1),
        since=before,
        lost=today - 5 * DAY,
        reason=LossReason.DEATH,
    )
    # In time with a family; late with a just cause; with another insurer's certificate.
    family = (
        (("継続", "花子", "ケイゾク", "ハナコ"), date(1982, 3, 3), Relation.WIFE),
        (("継続", "翼", "ケイゾク", "ツバサ"), date(2012, 5, 5), Relation.SON),
    )
    lost = today - 12 * DAY
    member = desk.leaver(
        ("継続", "太郎", "ケイゾク", "タロウ"), date(1980, 2, 29), since=before, lost=lost, family=family
    )
    desk.accept(member, lost + 5 * DAY, first_due=today + 7 * DAY)
    member = desk.leaver(("遅延", "理由", "チエン", "リユウ"), date(1975, 9, 9), since=before, lost=month)
    late = month + 30 * DAY
    desk.accept(
        member, late, first_due=late + 10 * DAY, just_cause=True, late_reason="地震で通行できず、郵便も止まっていた"
    )
    member = desk.leaver(
        ("証明", "継続", "ショウメイ", "ケイゾク"), date(1988, 1, 1), since=month - 40 * DAY, lost=month
    )
    desk.accept(member, month + 9 * DAY, first_due=month + 19 * DAY, certified_from=month - 400 * DAY)
    # Refused: a day too late, and one month only.
    member = desk.leaver(("期限", "経過", "キゲン", "ケイカ"), date(1966, 6, 6), since=before, lost=today - 35 * DAY)
    desk.do(voluntary.refuse_application, member_id=member.pk, facts=Facts(received_date=today - 10 * DAY))
    member = desk.leaver(
        ("一月", "在職", "ヒトツキ", "ザイショク"), date(2001, 1, 8), since=today - 45 * DAY, lost=today - 10 * DAY
    )
    desk.do(voluntary.refuse_application, member_id=member.pk, facts=Facts(received_date=today - 5 * DAY))
    # Unpaid: a month, the first; one of them recorded already.
    for names, paid in ((("未納", "月次", "ミノウ", "ツキナミ"), 1), (("未納", "初回", "ミノウ", "ショカイ"), 0)):
        member = desk.leaver(names, date(1969, 11, 30), since=before, lost=month)
        desk.accept(member, month + 9 * DAY, first_due=month + 19 * DAY, paid=paid)
    member = desk.leaver(("未納", "喪失", "ミノウ", "ソウシツ"), date(1969, 11, 30), since=before, lost=month)
    term = desk.accept(member, month + 9 * DAY, first_due=month + 19 * DAY, paid=1)
    with scope(LIFECYCLE, desk.clerk):
        unpaid = next(row for row in instalments_of(term) if not row.paid_date and row.due_date < today)
    desk.do(
        voluntary.record_non_payment,
        term_id=term.pk, version=term.version, instalment_id=unpaid.pk, received_date=today, today=today,
    )  # fmt: skip
    # Withdrawn to the end of this month; a new place of work; two years next week and two years last night.
    member = desk.leaver(("取止", "申出", "トリヤメ", "モウシデ"), date(1978, 8, 8), since=before, lost=month)
    term = desk.accept(member, month + 5 * DAY, first_due=month + 15 * DAY)
    desk.do(voluntary.withdraw, term_id=term.pk, version=term.version, received_date=today - 2 * DAY, today=today)
    member = desk.leaver(("再就職", "済", "サイシュウショク", "スミ"), date(1985, 12, 1), since=before, lost=month)
    term = desk.accept(member, month + 5 * DAY, first_due=month + 15 * DAY)
    desk.do(
        voluntary.end_by_fact,
        term_id=term.pk, version=term.version, kind=EndKind.INSURED, fact_date=today - 20 * DAY,
        received_date=today - DAY, today=today,
    )  # fmt: skip
    for names, left in (
        (("満了", "来週", "マンリョウ", "ライシュウ"), 7),
        (("満了", "昨夜", "マンリョウ", "サクヤ"), 0),
    ):
        day = today + left * DAY
        start = date(day.year - 2, day.month, min(day.day, 28))
        member = desk.leaver(names, date(1963, 4, 1), since=before, lost=start)
        desk.accept(member, start + 5 * DAY, first_due=start + 15 * DAY)


def ages(desk: Desk) -> None:
    """People whose ages ask for care: born on the first, 75 with a family, 75 and 40 abroad, a dependant of 75."""
    today = desk.today
    before = date(today.year - 12, 4, 1)
    next_month = add_months(today, 1)

    def birth(age: int, day: date) -> date:
        # A day may be nobody's: a 75th birthday never falls on 29 February. Then the day before.
        return max(births_effective(age, day - DAY, day))

    # 70 next month: whoever was born on the first has it in the month of the birthday.
    desk.insured(("一日", "生まれ", "ツイタチ", "ウマレ"), next_month.replace(year=next_month.year - 70), since=before)
    desk.insured(
        ("二日", "生まれ", "フツカ", "ウマレ"), next_month.replace(year=next_month.year - 70) - 28 * DAY, since=before
    )
    head = desk.insured(("後期", "世帯主", "コウキ", "セタイヌシ"), birth(75, today), since=before)
    desk.dependant(head, ("後期", "妻子", "コウキ", "サイコ"), date(1955, 5, 5), Relation.WIFE, since=before)
    soon = desk.insured(("後期", "間近", "コウキ", "マヂカ"), birth(75, today + 10 * DAY), since=before)
    desk.dependant(soon, ("後期", "花", "コウキ", "ハナ"), date(1958, 2, 1), Relation.WIFE, since=before)
    child = desk.insured(("被扶養", "長男", "ヒフヨウ", "チョウナン"), date(1979, 3, 31), since=before)
    desk.dependant(child, ("被扶養", "母", "ヒフヨウ", "ハハ"), birth(75, today - DAY), Relation.MOTHER, since=before)
    desk.insured(("海外", "駐在", "カイガイ", "チュウザイ"), birth(40, today - 2 * DAY), since=before, address=ABROAD)
    desk.insured(("海外", "顧問", "カイガイ", "コモン"), birth(75, today - 2 * DAY), since=before, address=ABROAD)
    desk.insured(("達する日", "前日", "タッスルヒ", "ゼンジツ"), birth(65, today + DAY), since=before)

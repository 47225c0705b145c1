"""資格の取得と喪失, 事業所の変更 (健康保険法35条・36条)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kumiai.ui.formats import format_wareki
from members.enrollment.actions.addresses import address_values, current_address, full_address, open_address
from members.enrollment.actions.common import (
    Person,
    Report,
    known_number,
    last_report,
    lock,
    mark_cancelled,
    record_report,
    span,
    touch,
    touch_others,
)
from members.enrollment.actions.entering import check_person, new_member, protect_like, settle
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.names import write_person
from members.enrollment.actions.numbers import renumber, take_number
from members.enrollment.actions.spans import (
    cancel_row,
    dependants_of,
    eligibility_of,
    move_bounds,
    restore_dependants,
    same_person,
)
from members.enrollment.enums import (
    AcquisitionReason,
    ChangeKind,
    DependantEndReason,
    EligibilityKind,
    LossReason,
)
from members.enrollment.models import DependantPeriod, EligibilityPeriod, Employer, Member
from members.enrollment.rules.qualification import voluntary_term

LOSSES = (ChangeKind.LOSS, ChangeKind.VOLUNTARY_END, ChangeKind.TRANSFER, ChangeKind.LOSS_FIXED)


def employer_on(employer_id: int | None, day: date) -> Employer:
    """The employer, belonging to the association on the day. Raises UnableToChange."""
    employer = Employer.objects.filter(pk=employer_id).first() if employer_id else None
    if employer is None:
        raise UnableToChange("事業所を選んでください。")
    if day not in employer.period:
        since = format_wareki(employer.period.lower)
        until = f"{format_wareki(employer.period.upper)}の前日まで" if employer.period.upper else ""
        raise UnableToChange(f"{employer.name}の加入期間は{since}から{until}です。その期間の日を入れてください。")
    return employer


def _check_not_twice(person: Person, employer: Employer | None, day: date) -> None:
    """Raises UnableToChange when the same person was entered for the same day at the same employer (a second click)."""
    twice = EligibilityPeriod.objects.filter(
        employer=employer,
        period__startswith=day,
        member__birth_date=person.birth_date,
        member__family_name=person.family_name,
        member__given_name=person.given_name,
        member__sex=person.sex,
    ).select_related("member")
    found = twice.first()
    if found is not None:
        raise UnableToChange(f"同じ人の同じ日の資格取得が、{known_number(found.member)} で登録されています。")


def _end_before_return(member: Member, day: date) -> None:
    """What a returning person still has ends on the day: 任意継続 (法38条4号). Raises UnableToChange of anything else."""
    periods = eligibility_of(member)
    latest = periods[-1] if periods else None
    if latest is None or (latest.period.upper is not None and latest.period.upper <= day):
        return
    if latest.kind == EligibilityKind.VOLUNTARY and latest.period.lower < day and not latest.loss_reason:
        latest.period = span(latest.period.lower, day)
        latest.loss_reason = LossReason.EMPLOYED_AGAIN
        latest.save(update_fields=["period", "loss_reason"])
        return
    if latest.period.upper is None:
        raise UnableToChange(
            f"{format_wareki(latest.period.lower)}からの資格があります。"
            "「事業所の変更」か「二以上勤務」から登録するか、先に喪失を登録してください。"
        )
    raise UnableToChange(
        f"{format_wareki(latest.period.lower)}から{format_wareki(latest.period.upper)}までの資格と重なります。"
        "喪失日以後の日を入れるか、先にその資格を訂正してください。"
    )


def _leave_household(member: Member, day: date) -> None:
    """A dependant who becomes insured is one no longer (法3条7項)."""
    for row in DependantPeriod.objects.select_for_update(of=("self",)).filter(member=member):
        if row.period.lower >= day:
            raise UnableToChange(
                f"{format_wareki(row.period.lower)}からの被扶養者の認定があります。先に認定を取り消してください。"
            )
        if row.period.upper is None or row.period.upper > day:
            row.period = span(row.period.lower, day)
            row.end_reason = DependantEndReason.EMPLOYED
            row.save(update_fields=["period", "end_reason"])


def _check_covered_elsewhere(member: Member, day: date) -> None:
    others = same_person(member) - {member.pk}
    for row in EligibilityPeriod.objects.filter(member_id__in=others).select_related("member"):
        if row.period.upper is None or row.period.upper > day:
            raise UnableToChange(
                f"同じ人の資格が {known_number(row.member)} にあります。先にその資格を終わらせてください。"
            )


def _returned(
    returning_id: int,
    person: Person,
    *,
    by: Any,
    symbol: str,
    number: str,
    keep_number: bool,
    address: dict[str, Any] | None,
    day: date,
) -> Member:
    """The row of a person who is back: their own when they were insured, a new one joined to it when they were a dependant."""
    before = lock(returning_id, None, by=by)
    if before.birth_date != person.birth_date or before.sex != person.sex:
        raise UnableToChange("生年月日か性別が、前の登録と違います。同じ人なら、先に前の登録を訂正してください。")
    _check_covered_elsewhere(before, day)
    if before.insured_id is not None:
        if keep_number:
            raise UnableToChange("被扶養者だったときの番号は引き継げません。新しい番号をつけてください。")
        _leave_household(before, day)
        member = new_member(
            person,
            symbol=symbol,
            number=take_number(symbol, number),
            earlier=before,
            protected=before.protected,
        )
        if before.protected:
            protect_like(member, before, day)
        settle(member, day, address, like=before)
        touch(before)
        return member
    _end_before_return(before, day)
    if not keep_number:
        renumber(before, symbol=symbol, number=take_number(symbol, number), branch="00", day=day)
    write_person(before, person)
    if address and full_address(address) != address_values(current_address(before)):
        open_address(before, day, full_address(address))
    return before


@transaction.atomic
def acquire(
    *,
    by: Any,
    employer_id: int | None,
    person: Person,
    report: Report,
    reason: str,
    number: str = "",
    symbol: str = "",
    address: dict[str, Any] | None = None,
    returning_id: int | None = None,
    keep_number: bool = False,
    kind: str = EligibilityKind.COMPULSORY,
) -> Member:
    """資格取得届: insured from the report's day (法35条). Returns the member.

    number: "" gives the next free one of the employer. symbol: "" is the employer's. returning_id: the same person's
    earlier row, whose number is kept or not; without 資格 from the day on, except 任意継続, which ends that day (法38条4号),
    or as a dependant, who leaves the household that day. kind VOLUNTARY (an import of what stands) needs no employer.
    Raises UnableToChange, PermissionDenied of a protected person.
    """
    day = report.effective_date
    check_person(person, day)
    voluntary = kind == EligibilityKind.VOLUNTARY
    employer = None if voluntary and employer_id is None else employer_on(employer_id, day)
    _check_not_twice(person, employer, day)
    symbol = symbol or (employer.symbol if employer else "")
    if not symbol:
        raise UnableToChange("記号を入力してください。")
    if returning_id is not None:
        member = _returned(
            returning_id,
            person,
            by=by,
            symbol=symbol,
            number=number,
            keep_number=keep_number,
            address=address,
            day=day,
        )
    else:
        member = new_member(person, symbol=symbol, number=take_number(symbol, number))
        settle(member, day, address)
    period = EligibilityPeriod.objects.create(
        member=member,
        employer=employer,
        kind=kind,
        period=span(day, voluntary_term(day) if voluntary else None),
        acquisition_reason=reason,
        received_date=report.received_date,
    )
    record_report(member, ChangeKind.ACQUISITION, report, before={}, after={"period": period.pk}, by=by)
    return member


@transaction.atomic
def correct_received_date(*, period_id: int, received_date: date) -> EligibilityPeriod:
    """収受日 of the report a period began with, put right by a 訂正届; the caller has checked who and records why.

    A period with a loss carries the day of that report, which stays.
    """
    period = EligibilityPeriod.objects.select_for_update(of=("self",)).get(pk=period_id)
    if not period.loss_reason and period.received_date != received_date:
        period.received_date = received_date
        period.save(update_fields=["received_date"])
    return period


def _loss_words(period: EligibilityPeriod) -> str:
    return f"{format_wareki(period.period.upper)}に喪失しています（{period.get_loss_reason_display()}）"


def period_to_lose(member: Member, day: date) -> EligibilityPeriod:
    """The period that a loss on the day ends. Raises UnableToChange with why there is none."""
    if member.insured_id is not None:
        raise UnableToChange("この人は被扶養者です。「被扶養者の削除」から登録してください。")
    periods = eligibility_of(member)
    if not periods:
        raise UnableToChange("この人には資格の登録がありません。")
    latest = periods[-1]
    end = latest.period.upper
    if end is not None and (latest.loss_reason or latest.kind == EligibilityKind.COMPULSORY):
        raise UnableToChange(f"この人は、{_loss_words(latest)}。日が違うときは、喪失日の訂正届で直してください。")
    if day <= latest.period.lower:
        raise UnableToChange(
            f"資格は{format_wareki(latest.period.lower)}に取得しています。"
            "喪失日はその翌日以後です。その日にさかのぼって取り消すときは、資格取得の取消届を使ってください。"
        )
    if end is not None and day > end:
        raise UnableToChange(
            f"任意継続は、{format_wareki(end)}に2年の満了で喪失します。それより前の日を入れてください。"
        )
    return latest


def lose_period(
    member: Member, period: EligibilityPeriod, day: date, *, reason: str, report: Report, by: Any, kind: ChangeKind
) -> EligibilityPeriod:
    """End a period on the day, and with it the family's. The caller has checked that it can be."""
    start, end = period.period.lower, period.period.upper
    people, family = move_bounds(member, old=(start, end), new=(start, day))
    before = {
        "end": end.isoformat() if end else None,
        "received_date": period.received_date.isoformat() if period.received_date else None,
        "family": family,
    }
    period.period = span(start, day)
    period.loss_reason = reason
    period.received_date = report.received_date
    period.save(update_fields=["period", "loss_reason", "received_date"])
    touch(member)
    touch_others(people, but=member.pk)
    record_report(member, kind, report, before=before, after={"period": period.pk, "reason": reason}, by=by)
    return period


@transaction.atomic
def lose(*, by: Any, member_id: int, version: int | None, report: Report, reason: str) -> EligibilityPeriod:
    """資格喪失届: the report's day is the 喪失日, the first without qualification (法36条, 38条); one to come is allowed.

    The dependants' periods end the same day; those that begin later are cancelled. Raises StaleVersion, UnableToChange.
    """
    member = lock(member_id, version, by=by)
    if reason not in LossReason.values:
        raise UnableToChange("喪失の理由を選んでください。")
    period = period_to_lose(member, report.effective_date)
    return lose_period(member, period, report.effective_date, reason=reason, report=report, by=by, kind=ChangeKind.LOSS)


@transaction.atomic
def cancel_loss(*, by: Any, member_id: int, version: int | None, report: Report) -> EligibilityPeriod:
    """資格喪失の取消届: the last loss never was; the family's periods that ended with it run on.

    Those who are covered elsewhere meanwhile stay as they are. Raises StaleVersion, UnableToChange.
    """
    member = lock(member_id, version, by=by)
    periods = eligibility_of(member)
    latest = periods[-1] if periods else None
    if latest is None or not latest.loss_reason:
        raise UnableToChange(
            "取り消す喪失の登録がありません。新しい資格があるときは、先にその取得を取り消してください。"
        )
    start, lost = latest.period.lower, latest.period.upper
    end = voluntary_term(start) if latest.kind == EligibilityKind.VOLUNTARY else None
    made = last_report(member, LOSSES, latest.pk)
    # The two years end 任意継続 by a loss of their own, which then ends the family's days.
    people, _before = move_bounds(member, old=(start, lost), new=(start, None))
    if made is not None:
        people |= restore_dependants(made.before.get("family", []))
        received = made.before.get("received_date")
        latest.received_date = date.fromisoformat(received) if received else latest.received_date
        mark_cancelled(made, by=by)
    before = {"end": lost.isoformat(), "reason": latest.loss_reason}
    latest.period, latest.loss_reason = span(start, end), ""
    latest.save(update_fields=["period", "loss_reason", "received_date"])
    touch(member)
    touch_others(people, but=member.pk)
    record_report(member, ChangeKind.LOSS_UNDONE, report, before=before, after={"period": latest.pk}, by=by)
    return latest


@transaction.atomic
def cancel_acquisition(*, by: Any, member_id: int, version: int | None, report: Report) -> EligibilityPeriod:
    """資格取得の取消届: the last 資格 never was; the family's days within it are cancelled. The row stays, without a day.

    What ended because of it (任意継続, another employer) is not revived: cancel that loss next. Raises UnableToChange.
    """
    member = lock(member_id, version, by=by)
    periods = eligibility_of(member)
    if not periods:
        raise UnableToChange("取り消す資格の登録がありません。")
    latest = periods[-1]
    start, end = latest.period.lower, latest.period.upper
    people = set()
    for row in dependants_of(member):
        if row.period.upper is not None and row.period.upper <= start:
            continue
        if row.period.lower < start:
            row.period, row.end_reason = span(row.period.lower, start), DependantEndReason.INSURED_LEFT
            row.save(update_fields=["period", "end_reason"])
        else:
            cancel_row(row)
        people.add(row.member_id)
    made = last_report(member, (ChangeKind.ACQUISITION, ChangeKind.VOLUNTARY, ChangeKind.TRANSFER), latest.pk)
    if made is not None:
        mark_cancelled(made, by=by)
    cancel_row(latest)
    touch(member)
    touch_others(people, but=member.pk)
    before = {"start": start.isoformat(), "end": end.isoformat() if end else None}
    record_report(member, ChangeKind.ACQUISITION_UNDONE, report, before=before, after={"period": latest.pk}, by=by)
    return latest


@transaction.atomic
def transfer(
    *,
    by: Any,
    member_id: int,
    version: int | None,
    employer_id: int,
    report: Report,
    number: str | None = None,
    acquisition_reason: str = AcquisitionReason.TRANSFER,
    loss_reason: str = LossReason.TRANSFER,
) -> EligibilityPeriod:
    """事業所の変更, 同日得喪: lost at one employer and acquired at another (or the same, re-employed) on the report's day
    (法36条 かっこ書き). The family's periods go on.

    number: None keeps the number, "" gives the next of the employer, anything else that one; the covered family moves with
    it. Raises StaleVersion, UnableToChange. Returns the new period.
    """
    member = lock(member_id, version, by=by)
    day = report.effective_date
    employer = employer_on(employer_id, day)
    if member.insured_id is not None:
        raise UnableToChange("この人は被扶養者です。事業所の変更は被保険者について登録してください。")
    held = [row for row in eligibility_of(member) if row.kind == EligibilityKind.COMPULSORY]
    latest = held[-1] if held else None
    if latest is None or day <= latest.period.lower or (latest.period.upper is not None and latest.period.upper <= day):
        raise UnableToChange(
            "その日に続いている資格がありません。取得日の翌日から喪失日の前日までの日を入れてください。"
        )
    if latest.employer_id == employer.pk and acquisition_reason == AcquisitionReason.TRANSFER:
        raise UnableToChange("いまと同じ事業所です。再雇用のときは「同日得喪」を選んでください。")
    end, reason = latest.period.upper, latest.loss_reason
    latest.period, latest.loss_reason = span(latest.period.lower, day), loss_reason
    latest.save(update_fields=["period", "loss_reason"])
    opened = EligibilityPeriod.objects.create(
        member=member,
        employer=employer,
        kind=EligibilityKind.COMPULSORY,
        period=span(day, end),
        acquisition_reason=acquisition_reason,
        loss_reason=reason,
        received_date=report.received_date,
    )
    before = {"closed": latest.pk, "employer": latest.employer_id, "number": member.card_number}
    family: set[int] = set()
    if number is not None:
        taken = take_number(employer.symbol, number)
        renumber(member, symbol=employer.symbol, number=taken, branch=member.branch, day=day)
        family = renumber_family(member, day)
    touch(member)
    touch_others(family, but=member.pk)
    after = {"period": opened.pk, "employer": employer.pk, "number": member.card_number}
    record_report(member, ChangeKind.TRANSFER, report, before=before, after=after, by=by)
    return opened


def renumber_family(insured: Member, day: date) -> set[int]:
    """The dependants covered on the day take the insured person's new number and keep their 枝番."""
    covered = DependantPeriod.objects.filter(insured=insured, period__contains=day).values_list("member_id", flat=True)
    people = list(Member.objects.select_for_update(of=("self",)).filter(pk__in=list(covered)).order_by("pk"))
    for person in people:
        renumber(person, symbol=insured.symbol, number=insured.number, branch=person.branch, day=day)
    return {person.pk for person in people}

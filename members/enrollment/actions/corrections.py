"""訂正届 of the days a qualification began or was lost, with all that follows from them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kumiai.ui.formats import format_wareki
from members.enrollment.actions.addresses import address_model, standing
from members.enrollment.actions.common import Report, known_number, lock, record_report, span, touch, touch_others
from members.enrollment.actions.eligibility import employer_on
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.spans import eligibility_of, move_bounds, same_person
from members.enrollment.enums import AcquisitionReason, ChangeKind, EligibilityKind
from members.enrollment.models import EligibilityPeriod, Member
from members.enrollment.rules.qualification import voluntary_term

FOLLOWING = (AcquisitionReason.TRANSFER, AcquisitionReason.REEMPLOYED, AcquisitionReason.VOLUNTARY)
"""A qualification that by its nature begins the day the one before was lost: both days move together."""


def chosen(
    member: Member, period_id: int | None
) -> tuple[EligibilityPeriod | None, EligibilityPeriod, EligibilityPeriod | None]:
    """(the period before, the one asked for or the last, the one after). Raises UnableToChange."""
    periods = eligibility_of(member)
    if not periods:
        raise UnableToChange("この人には資格の登録がありません。")
    place = next((n for n, row in enumerate(periods) if row.pk == period_id), None) if period_id else len(periods) - 1
    if place is None:
        raise UnableToChange("訂正する資格がありません。取り消されたかもしれません。開き直してください。")
    before = periods[place - 1] if place else None
    after = periods[place + 1] if place + 1 < len(periods) else None
    return before, periods[place], after


def check_start(before: EligibilityPeriod | None, row: EligibilityPeriod, day: date) -> bool:
    """Whether the period before moves along (同日得喪). Raises UnableToChange when the day cannot be the beginning."""
    if day == row.period.lower:
        raise UnableToChange("いまの資格取得日と同じです。")
    if row.period.upper is not None and day >= row.period.upper:
        raise UnableToChange(f"喪失日（{format_wareki(row.period.upper)}）より前の日を入れてください。")
    if row.kind == EligibilityKind.VOLUNTARY:
        raise UnableToChange("任意継続は前の資格の喪失日から始まります。前の資格の喪失日を訂正してください。")
    if before is None:
        return False
    if before.period.upper == row.period.lower and row.acquisition_reason in FOLLOWING:
        if day <= before.period.lower:
            raise UnableToChange(
                f"前の資格の取得日（{format_wareki(before.period.lower)}）より後の日を入れてください。"
            )
        return True
    if day < before.period.upper:
        raise UnableToChange(
            f"前の資格は{format_wareki(before.period.upper)}に喪失しています。その日以後の日を入れるか、"
            "先に前の資格の喪失日を訂正してください。"
        )
    return False


def check_loss(row: EligibilityPeriod, after: EligibilityPeriod | None, day: date) -> bool:
    """Whether the period after moves along. Raises UnableToChange when the day cannot be the 喪失日."""
    if row.period.upper is None or not row.loss_reason:
        raise UnableToChange("喪失の登録がありません。資格喪失届から登録してください。")
    if day == row.period.upper:
        raise UnableToChange("いまの喪失日と同じです。")
    if day <= row.period.lower:
        raise UnableToChange(f"取得日（{format_wareki(row.period.lower)}）より後の日を入れてください。")
    if row.kind == EligibilityKind.VOLUNTARY and day > voluntary_term(row.period.lower):
        raise UnableToChange(
            f"任意継続は、{format_wareki(voluntary_term(row.period.lower))}に2年の満了で喪失します。"
            "それより前の日を入れてください。"
        )
    if after is None:
        return False
    if after.period.lower == row.period.upper and after.acquisition_reason in FOLLOWING:
        if after.period.upper is not None and day >= after.period.upper and after.kind != EligibilityKind.VOLUNTARY:
            raise UnableToChange(f"次の資格の喪失日（{format_wareki(after.period.upper)}）より前の日を入れてください。")
        return True
    if day > after.period.lower:
        raise UnableToChange(
            f"次の資格が{format_wareki(after.period.lower)}に始まっています。その日以前の日を入れるか、"
            "先に次の資格の取得日を訂正してください。"
        )
    return False


def _write(row: EligibilityPeriod, start: date, end: date | None) -> None:
    row.period = span(start, end)
    row.save(update_fields=["period"])


def _iso(*days: date | None) -> list[str | None]:
    return [day.isoformat() if day else None for day in days]


def _end_of_next(after: EligibilityPeriod, day: date) -> date | None:
    """Where a period that follows ends when it begins on the day: the two years of 任意継続 count from its beginning."""
    if after.kind != EligibilityKind.VOLUNTARY:
        return after.period.upper
    if not after.loss_reason:
        return voluntary_term(day)
    end = min(after.period.upper, voluntary_term(day))
    if end <= day:
        raise UnableToChange(f"任意継続の喪失日（{format_wareki(after.period.upper)}）より前の日を入れてください。")
    return end


@transaction.atomic
def correct_acquisition_date(
    *, by: Any, member_id: int, version: int | None, report: Report, period_id: int | None = None
) -> EligibilityPeriod:
    """資格取得日の訂正届: the report's day is the right one; the last period, or the one named.

    The family's days that began with it begin on the right day; a first address goes back with it. In 同日得喪 the loss
    before moves too. Raises StaleVersion, UnableToChange.
    """
    member = lock(member_id, version, by=by)
    before, row, _after = chosen(member, period_id)
    day, start, end = report.effective_date, row.period.lower, row.period.upper
    joined = check_start(before, row, day)
    if row.employer_id:
        employer_on(row.employer_id, day)
    if member.birth_date > day:
        raise UnableToChange("生年月日が、資格を取得する日より後です。")
    _check_other_rows(member, day, start)
    if joined and before is not None:
        if day < start:
            _write(before, before.period.lower, day)
            _write(row, day, end)
        else:
            _write(row, day, end)
            _write(before, before.period.lower, day)
        people: set[int] = set()  # the family's days run over both
    else:
        people, _family = move_bounds(member, old=(start, end), new=(day, end))
        _write(row, day, end)
        people |= _move_first_addresses(member, people, start, day)
    touch(member)
    touch_others(people, but=member.pk)
    old, new = _iso(start, end), _iso(day, end)
    record_report(
        member,
        ChangeKind.ACQUISITION_FIXED,
        report,
        before={"days": old},
        after={"period": row.pk, "days": new},
        by=by,
    )
    return row


def _check_other_rows(member: Member, day: date, start: date) -> None:
    """The person's other rows hold none of the days that are added. Raises UnableToChange."""
    if day >= start:
        return
    others = same_person(member) - {member.pk}
    clash = EligibilityPeriod.objects.select_related("member").filter(
        member_id__in=others, period__overlap=span(day, start)
    )
    found = clash.first()
    if found is not None:
        raise UnableToChange(f"同じ人の資格が {known_number(found.member)} にあり、その日と重なります。")


def _move_first_addresses(member: Member, people: set[int], start: date, day: date) -> set[int]:
    """Addresses that began with the qualification begin on the earlier day too; a later day leaves them as they are."""
    if day >= start:
        return set()
    touched = set()
    for person in [member, *Member.objects.filter(pk__in=people)]:
        first = standing(person, address_model(person)).order_by("period__startswith").first()
        if first is not None and first.period.lower == start:
            first.period = span(day, first.period.upper)
            first.save(update_fields=["period"])
            touched.add(person.pk)
    return touched - {member.pk}


@transaction.atomic
def correct_loss_date(
    *, by: Any, member_id: int, version: int | None, report: Report, period_id: int | None = None
) -> EligibilityPeriod:
    """資格喪失日の訂正届: the report's day is the right 喪失日; of the last period, or the one named.

    The family's days that ended with it end on the right day; 任意継続 or the next employer that followed begins then.
    Raises StaleVersion, UnableToChange.
    """
    member = lock(member_id, version, by=by)
    _before, row, after = chosen(member, period_id)
    if period_id is None and after is None and not row.loss_reason:
        previous = [p for p in eligibility_of(member) if p.loss_reason]
        if previous and row.kind == EligibilityKind.VOLUNTARY:
            _before, row, after = chosen(member, previous[-1].pk)
    day, start, lost = report.effective_date, row.period.lower, row.period.upper
    joined = check_loss(row, after, day)
    people: set[int] = set()
    if joined and after is not None:
        after_end = _end_of_next(after, day)
        people = _move_joined(member, row, after, day, after_end)
    else:
        people, _family = move_bounds(member, old=(start, lost), new=(start, day))
        _write(row, start, day)
    touch(member)
    touch_others(people, but=member.pk)
    record_report(
        member,
        ChangeKind.LOSS_FIXED,
        report,
        before={"days": _iso(start, lost)},
        after={"period": row.pk, "days": _iso(start, day)},
        by=by,
    )
    return row


def _move_joined(
    member: Member, row: EligibilityPeriod, after: EligibilityPeriod, day: date, after_end: date | None
) -> set[int]:
    """Two periods that meet: the day they meet on moves. The family's periods that met there meet on the new day."""
    start, met = row.period.lower, row.period.upper
    order = [(after, day, after_end), (row, start, day)] if day > met else [(row, start, day), (after, day, after_end)]
    people: set[int] = set()
    family_end = after_end if after.loss_reason else None
    moves = [
        lambda: move_bounds(member, old=(met, after.period.upper), new=(day, family_end))[0],
        lambda: move_bounds(member, old=(start, met), new=(start, day))[0],
    ]
    if after.kind == EligibilityKind.VOLUNTARY:
        for move in moves if day > met else reversed(moves):
            people |= move()
    for which, first, last in order:
        _write(which, first, last)
    return people

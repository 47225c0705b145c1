"""What letters, vouchers and label sheets are made of, and which of them went out. Constant in statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from health_programs.checkups.enums import FollowState, ResultState, VoucherState
from health_programs.checkups.models import (
    CheckupResult,
    CheckupSubject,
    FollowUp,
    Referral,
    Stratification,
    Voucher,
)
from health_programs.checkups.queries.paging import without_hidden
from privacy.outputs.door import among
from privacy.outputs.enums import OutputState
from privacy.outputs.models import Output
from privacy.seen import population

EARLIER = 4
WAITING = (FollowState.OPEN,)
OUT = (OutputState.FETCHED, OutputState.DESTROYED)


def _ids(rows: Any, name: str) -> list[int]:
    found = list(rows.values_list("member_id", flat=True))
    population(name, len(found))
    return found


# --- 結果の通知 ---------------------------------------------------------------------------------------------------------


def _of_year(year: int) -> Any:
    return CheckupResult.objects.filter(fiscal_year=year, state=ResultState.MATCHED, statutory=True)


def examined_ids(year: int, member_id: int | None = None) -> list[int]:
    """Whom a result of the year belongs to, in the order of ids; one of them where a person is given."""
    rows = _of_year(year).order_by("member_id")
    return _ids(rows.filter(member_id=member_id) if member_id is not None else rows, "結果の通知")


def examined(ids: Sequence[int], year: int) -> set[int]:
    """Of these people, those with a result of the year."""
    return set(_ids(_of_year(year).filter(member_id__in=among(ids)), "結果の通知"))


@dataclass(frozen=True)
class Notice:
    """One person's result of a year, those of the four years before (the latest first), and the level where judged."""

    result: CheckupResult
    earlier: tuple[CheckupResult, ...]
    level: str


def notices(ids: Sequence[int], year: int) -> dict[int, Notice]:
    """Two statements for any number of people."""
    rows = CheckupResult.objects.filter(
        member_id__in=among(ids), fiscal_year__range=(year - EARLIER, year), state=ResultState.MATCHED, statutory=True
    ).order_by("-fiscal_year")
    by_person: dict[int, list[CheckupResult]] = {}
    for row in rows:
        assert row.member_id is not None
        by_person.setdefault(row.member_id, []).append(row)
    judged = Stratification.objects.filter(member_id__in=among(ids), fiscal_year=year, current=True)
    levels = {row.result_id: row.level for row in judged.only("result_id", "level", "member_id")}
    return {
        pk: Notice(found[0], tuple(found[1:]), levels.get(found[0].pk, ""))
        for pk, found in by_person.items()
        if found[0].fiscal_year == year
    }


def notice_rows(year: int, user_id: int) -> Any:
    """Results of a year for the list of 結果の通知, the latest examination first."""
    return without_hidden(_of_year(year), user_id).order_by("-exam_date", "pk")


def handed_out(kinds: Sequence[str], ids: Sequence[int], **parameters: Any) -> dict[int, date]:
    """Of these people, when a file of these kinds about them was last fetched. Two statements."""
    rows = Output.objects.filter(file_kind__in=kinds, state__in=OUT, fetched_at__isnull=False)
    days = dict(
        rows.filter(**{f"parameters__{name}": value for name, value in parameters.items()}).values_list(
            "pk", "fetched_at"
        )
    )
    found: dict[int, date] = {}
    subjects = CheckupSubject.objects.filter(output_id__in=list(days), member_id__in=among(ids)).order_by("output_id")
    for subject in subjects:
        found[subject.member_id] = timezone.localdate(days[subject.output_id])
    return found


# --- 受診券 ------------------------------------------------------------------------------------------------------------


def _issued(year: int, kind_id: int) -> Any:
    return Voucher.objects.filter(fiscal_year=year, kind_id=kind_id, state=VoucherState.ISSUED)


def voucher_ids(year: int, kind_id: int, *, since: date | None = None, member_id: int | None = None) -> list[int]:
    """Whom a voucher in force of the year belongs to, in the order of numbers; issued from a day on where given."""
    rows = _issued(year, kind_id).order_by("number")
    if since is not None:
        rows = rows.filter(issued_date__gte=since)
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    return _ids(rows, "受診券")


def vouchers(ids: Sequence[int], year: int, kind_id: int) -> dict[int, Voucher]:
    """One statement."""
    rows = _issued(year, kind_id).select_related("kind").filter(member_id__in=among(ids))
    return {row.member_id: row for row in rows}


# --- 受診勧奨 -----------------------------------------------------------------------------------------------------------


def case_ids(year: int, urgency: str = "", member_id: int | None = None) -> list[int]:
    """People to be written to, the urgent first: cases nobody was written about; of one person, any that is not closed."""
    rows = Referral.objects.filter(fiscal_year=year).exclude(items=[])
    if member_id is not None:
        rows = rows.filter(member_id=member_id).exclude(state=FollowState.CLOSED)
    else:
        rows = rows.filter(state__in=WAITING)
    if urgency:
        rows = rows.filter(urgency=urgency)
    return _ids(rows.order_by("rank", "member_id"), "受診勧奨の通知")


def cases(ids: Sequence[int], year: int) -> dict[int, Referral]:
    """One statement."""
    rows = Referral.objects.select_related("result").filter(member_id__in=among(ids), fiscal_year=year)
    return {row.member_id: row for row in rows}


def unsent_outputs(year: int, kinds: Sequence[str], user_id: int) -> list[Output]:
    """Files of letters of a year that this clerk fetched and whose sending nobody has written down. Two statements."""
    rows_sent = FollowUp.objects.filter(output_id__isnull=False)
    written = [pk for pk in rows_sent.values_list("output_id", flat=True).distinct() if pk is not None]
    population("受診勧奨の発送", len(written))
    rows = Output.objects.filter(file_kind__in=kinds, requested_by=user_id, state__in=OUT, fetched_at__isnull=False)
    return list(rows.filter(parameters__year=year).exclude(pk__in=written).order_by("-pk")[:20])


def subjects_of(output_id: int) -> list[int]:
    """Whom a file was about."""
    found = list(CheckupSubject.objects.filter(output_id=output_id).values_list("member_id", flat=True))
    population("受診勧奨の発送", len(found))
    return found


def was_fetched(year: int, kinds: Sequence[str], output_id: int, user_id: int) -> bool:
    """Whether this clerk fetched such a file."""
    rows = Output.objects.filter(pk=output_id, file_kind__in=kinds, requested_by=user_id, state__in=OUT)
    return rows.filter(parameters__year=year, fetched_at__isnull=False).exists()

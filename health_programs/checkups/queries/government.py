"""国への実績報告: what a year holds, what was collected, what changed since, and what goes into the archive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery

from health_programs.checkups.enums import Exclusion, ReportState, ResultState, Standing
from health_programs.checkups.files.documents import Identity, Observation, Submission
from health_programs.checkups.files.items import by_key
from health_programs.checkups.models import (
    CheckupKind,
    CheckupResult,
    GovernmentReport,
    GovernmentReportError,
    GovernmentReportLine,
    Target,
    TargetExclusion,
)
from health_programs.checkups.queries.paging import without_hidden
from health_programs.checkups.rules.values import plain
from members.enrollment.queries import rosters
from privacy.outputs.door import among
from privacy.seen import population, shown

OPEN = (ReportState.COLLECTING, ReportState.COLLECTED, ReportState.APPROVED, ReportState.WRITTEN)


def report_of(pk: int) -> GovernmentReport | None:
    return GovernmentReport.objects.select_related("job").filter(pk=pk).first()


def reports_of(fiscal_year: int) -> list[GovernmentReport]:
    """The reports of a year, the latest first."""
    return list(GovernmentReport.objects.select_related("job").filter(fiscal_year=fiscal_year).order_by("-number"))


def standing_report(fiscal_year: int) -> GovernmentReport | None:
    """The report of a year that tells its figures: the last one that was counted and not given up."""
    found = GovernmentReport.objects.filter(fiscal_year=fiscal_year)
    return found.exclude(state__in=[ReportState.COLLECTING, ReportState.CANCELLED]).order_by("-number").first()


# --- what is collected ------------------------------------------------------------------------------------------------


def targets(fiscal_year: int) -> Any:
    """One target a person of 特定健診, whichever kind brings it."""
    rows = Target.objects.filter(fiscal_year=fiscal_year, gone=False, kind__in=_statutory())
    return rows.order_by("member_id", "kind__order", "pk").distinct("member_id")


def _statutory() -> Any:
    return CheckupKind.objects.filter(statutory=True).values("pk")


def people_due(fiscal_year: int) -> int:
    rows = Target.objects.filter(fiscal_year=fiscal_year, gone=False, kind__in=_statutory())
    found = rows.aggregate(n=Count("member_id", distinct=True))["n"]
    population("実績報告の対象者", found)
    return int(found)


def results_among(fiscal_year: int, ids: Sequence[int]) -> dict[int, CheckupResult]:
    """Member id → the result that stands, without what was measured."""
    rows = CheckupResult.objects.filter(
        fiscal_year=fiscal_year, state=ResultState.MATCHED, statutory=True, member_id__in=among(ids)
    ).only("member_id", "version", "digest", "missing", "institution_code", "institution_name")
    return {row.member_id: row for row in rows if row.member_id}


def exclusions_among(fiscal_year: int, ids: Sequence[int]) -> dict[int, str]:
    """Member id → the reason of the exclusion in force."""
    rows = TargetExclusion.objects.filter(fiscal_year=fiscal_year, ended=False, member_id__in=among(ids))
    found = dict(rows.values_list("member_id", "reason"))
    shown(found)
    return found


def counted(report: GovernmentReport) -> dict[str, int]:
    """The counts of everything that was collected. Four statements for any number of people."""
    lines = GovernmentReportLine.objects.filter(report=report)
    found = {one.value: 0 for one in Standing} | dict(lines.values_list("standing").annotate(Count("pk")).order_by())
    found["people"] = sum(found[one] for one in Standing)
    found["protected"] = lines.filter(member__protected=True, standing=Standing.EXAMINED).count()
    year = CheckupResult.objects.filter(fiscal_year=report.fiscal_year, statutory=True)
    states = dict(year.values_list("state").annotate(Count("pk")).order_by())
    used = lines.filter(result__isnull=False).aggregate(
        results_in=Count("pk", filter=Q(standing=Standing.EXAMINED)),
        results_incomplete=Count("pk", filter=Q(standing=Standing.INCOMPLETE)),
        results_not_counted=Count("pk", filter=~Q(standing__in=[Standing.EXAMINED, Standing.INCOMPLETE])),
    )
    # Counted by itself, not as what is left over: otherwise the two sides could never differ.
    listed = lines.values("member_id")
    no_target = year.filter(state=ResultState.MATCHED).exclude(member_id__in=listed).count()
    found |= used | {"results": sum(states.values()), "results_no_target": no_target}
    found |= {f"results_{one}": states.get(one, 0) for one in ("unmatched", "double", "withdrawn")}
    population("国への実績報告", found["people"] + found["results"])
    return found


def digest_of(report: GovernmentReport) -> str:
    """SHA-256 over who and which result goes out, in the order of the archive."""
    rows = GovernmentReportLine.objects.filter(report=report, position__isnull=False).order_by("position")
    whole, count = hashlib.sha256(), 0
    for row in rows.values_list("position", "member_id", "result_id", "result_version", "result_digest").iterator():
        whole.update(":".join(map(str, row)).encode() + b"\n")
        count += 1
    population("国への実績報告", count)
    return whole.hexdigest()


# --- lists ------------------------------------------------------------------------------------------------------------


def lines(report: GovernmentReport, user_id: int, standing: str = "", institution: str = "", item: str = "") -> Any:
    """Lines of a report in the order of numbers, without protected people this clerk is not named for."""
    found = without_hidden(GovernmentReportLine.objects.filter(report=report), user_id)
    if standing:
        found = found.filter(standing=standing)
    if institution:
        found = found.filter(institution=institution)
    if item:
        found = found.filter(missing__contains=[item])
    return found.order_by("member__symbol_order", "member__number_order", "member__branch", "pk")


def missing_by(report: GovernmentReport) -> list[tuple[str, str, int]]:
    """(institution, item, people) of what is missing, most first."""
    rows = GovernmentReportLine.objects.filter(report=report, standing=Standing.INCOMPLETE)
    tally: dict[tuple[str, str], int] = {}
    for institution, missing in rows.values_list("institution", "missing"):
        for item in missing:
            tally[institution, item] = tally.get((institution, item), 0) + 1
    population("必須項目の不足", sum(tally.values()))
    return [(*place, count) for place, count in sorted(tally.items(), key=lambda one: (-one[1], one[0]))]


def reasons(report: GovernmentReport) -> list[tuple[str, int]]:
    """(reason, people) of those excluded, in the order of the notice."""
    rows = GovernmentReportLine.objects.filter(report=report, standing=Standing.EXCLUDED)
    found = dict(rows.values_list("reason").annotate(Count("pk")).order_by())
    population("除外の理由", sum(found.values()))
    return [(str(one.label), found[one]) for one in Exclusion if one in found]


def errors_of(report: GovernmentReport, user_id: int) -> Any:
    rows = GovernmentReportError.objects.select_related("line").filter(report=report)
    return without_hidden(rows, user_id).order_by("pk")


def drift(report: GovernmentReport) -> dict[str, int]:
    """What changed in the register and the results since it was collected: code → people. Three statements."""
    year = CheckupResult.objects.filter(fiscal_year=report.fiscal_year, statutory=True, state=ResultState.MATCHED)
    now = year.filter(member_id=OuterRef("member_id"))
    rows = GovernmentReportLine.objects.filter(report=report).annotate(
        now_id=Subquery(now.values("pk")[:1]), now_version=Subquery(now.values("version")[:1])
    )
    found = rows.aggregate(
        new=Count("pk", filter=Q(result__isnull=True, now_id__isnull=False)),
        gone=Count("pk", filter=Q(result__isnull=False, now_id__isnull=True)),
        other=Count(
            "pk", filter=Q(now_id__isnull=False) & (~Q(now_id=F("result_id")) | ~Q(now_version=F("result_version")))
        ),
    )
    population("集計のあとの変更", sum(found.values()))
    return {code: count for code, count in found.items() if count}


def difference(before: GovernmentReport, after: GovernmentReport) -> dict[str, int]:
    """Of two reports of a year: how many results are new in the archive, gone from it, and another one or version."""
    former = GovernmentReportLine.objects.filter(report=before, position__isnull=False)
    same = former.filter(member_id=OuterRef("member_id"))
    latter = GovernmentReportLine.objects.filter(report=after, position__isnull=False)
    rows = latter.annotate(
        old_id=Subquery(same.values("result_id")), old_version=Subquery(same.values("result_version"))
    )
    found = rows.aggregate(
        all=Count("pk"),
        added=Count("pk", filter=Q(old_id__isnull=True)),
        changed=Count(
            "pk", filter=Q(old_id__isnull=False) & (~Q(old_id=F("result_id")) | ~Q(old_version=F("result_version")))
        ),
    )
    total = former.count()
    population("前の集計との差", found["all"] + total)
    return {"added": found["added"], "removed": total - (found["all"] - found["added"]), "changed": found["changed"]}


# --- the archive ------------------------------------------------------------------------------------------------------


def going_out(report: GovernmentReport) -> Any:
    return GovernmentReportLine.objects.filter(report=report, position__isnull=False).order_by("position")


def unchanged(report: GovernmentReport, ids: Sequence[int]) -> set[int]:
    """Those of them whose result stands exactly as it was collected."""
    rows = going_out(report).filter(
        member_id__in=list(ids),
        result__state=ResultState.MATCHED,
        result__statutory=True,
        result__member_id=F("member_id"),
        result__version=F("result_version"),
        result__digest=F("result_digest"),
    )
    found = set(rows.values_list("member_id", flat=True))
    shown(found)
    return found


def submissions(result_ids: Sequence[int], insurer_number: str) -> Iterator[tuple[int, Submission]]:
    """Result id → what is written of it: the person as the register knows them, without an address.

    The state joins reports with claims by number and reading, so what an institution mistyped is not passed on.
    """
    for start in range(0, len(result_ids), 1_000):
        some = list(result_ids[start : start + 1_000])
        rows = list(CheckupResult.objects.filter(pk__in=some))
        people = rosters.members_among([row.member_id for row in rows if row.member_id])
        for row in rows:
            person = people[row.member_id or 0]
            identity = Identity(
                insurer_number, person.symbol, person.number, person.branch,
                f"{person.family_kana}　{person.given_kana}", person.birth_date, person.sex,
            )  # fmt: skip
            yield row.pk, submission_of(row, identity)


def submission_of(result: CheckupResult, identity: Identity) -> Submission:
    """A stored result as the standard writes it. BMI is a required item: where the sheet left it out, it is written as
    it was calculated."""
    found = [Observation.of(one) for one in result.observations]
    if result.bmi is not None and not any(one.key == "bmi" for one in found):
        item = by_key("bmi")[0]
        value = type(result.bmi)(plain(result.bmi))
        found.append(Observation(item.code, key="bmi", value=value, unit=item.unit))
    return Submission(
        name="", document_id=result.document_id, identity=identity, exam_date=result.exam_date,
        institution_code=result.institution_code, institution_name=result.institution_name,
        observations=tuple(found), program_code=result.program_code, fasting=result.fasting,
    )  # fmt: skip

"""健診結果: taken in, matched with people, corrected, withdrawn. Nothing submitted is ever changed or lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from health_programs.checkups import policies
from health_programs.checkups.actions.bookings import attended
from health_programs.checkups.enums import DocumentOutcome, ResultState, Source
from health_programs.checkups.files.documents import Problem, Submission
from health_programs.checkups.measures import ANSWERS, MEASURE
from health_programs.checkups.models import CheckupResult, SubmittedIdentity
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.rules import ages, completeness, derived
from health_programs.checkups.rules.matching import WORDS, Match, Reason, digits, match
from health_programs.checkups.rules.values import Values
from kumiai.ui.kana import search_key
from members.enrollment.queries import coverage, rosters
from privacy.seen import population

MOST = Decimal("999999")


@dataclass
class Taken:
    """What became of one submission."""

    name: str
    outcome: DocumentOutcome
    result: CheckupResult | None = None
    problems: list[list[str]] = field(default_factory=list)


def values_of(result: CheckupResult) -> Values:
    """A stored result as the rules see it."""
    numbers = {key: Decimal(value) for key in MEASURE if (value := getattr(result, key)) is not None}
    answers = {key: value for key in ANSWERS if (value := getattr(result, key)) is not None}
    return Values(result.sex, result.age, numbers, answers, result.fasting)


# 測定不可能・検査未実施の理由: 生理中 (1) and 排尿障害 (2) count as examined (円滑な実施に向けた手引き); その他 (3) does not.
URINE_REASON, URINE_EXCUSES = "unmeasured_reason", frozenset({"1", "2"})


def _urine_excused(submission: Submission) -> bool:
    """Whether the institution says that urine could not be examined, for a reason that counts."""
    return any(one.key == URINE_REASON and one.coded in URINE_EXCUSES for one in submission.observations)


def _result_of(submission: Submission, source: str) -> CheckupResult:
    """A row of a submission, nobody matched yet; BMI and eGFR are calculated where the sheet leaves them out."""
    identity = submission.identity
    numbers = {key: number for key, number in submission.numbers().items() if key in MEASURE and abs(number) < MOST}
    year = ages.fiscal_year(submission.exam_date)
    age = ages.year_end_age(identity.birth_date, year)
    height, weight, creatinine = numbers.get("height"), numbers.get("weight"), numbers.get("creatinine")
    if "bmi" not in numbers and height and weight and height > 0:
        numbers["bmi"] = derived.bmi(height, weight)
    if "egfr" not in numbers and creatinine and creatinine > 0 and age > 0:
        numbers["egfr"] = derived.egfr(creatinine, age, identity.sex)
    answers = {key: code for key, code in submission.answers().items() if key in ANSWERS}
    statutory = submission.program_code in ("010", "020", "030") and submission.report_code in ("10", "30", "40")
    result = CheckupResult(
        state=ResultState.UNMATCHED,
        fiscal_year=year,
        exam_date=submission.exam_date,
        institution_code=submission.institution_code,
        institution_name=submission.institution_name[:120],
        program_code=submission.program_code,
        statutory=statutory,
        sex=identity.sex,
        age=max(age, 0),
        fasting=submission.fasting,
        observations=[one.stored() for one in submission.observations],
        missing=list(
            completeness.missing(
                Values(identity.sex, age, numbers, answers, submission.fasting),
                urine_excused=_urine_excused(submission),
            )
        ),
        document_id=submission.document_id[:80],
        digest=submission.digest,
        source=source,
    )
    for key, number in numbers.items():
        setattr(result, key, number)
    for key, code in answers.items():
        setattr(result, key, code)
    return result


def _identity_of(submission: Submission, result: CheckupResult, reason: str) -> SubmittedIdentity:
    identity = submission.identity
    return SubmittedIdentity(
        result=result,
        member_id=result.member_id,
        insurer_number=identity.insurer_number[:8],
        symbol=identity.symbol[:40],
        number=identity.number[:40],
        branch=identity.branch[:2],
        kana=identity.kana[:120],
        birth_date=identity.birth_date,
        sex=identity.sex,
        postal_code=identity.postal_code[:8],
        address=identity.address[:300],
        voucher_number=submission.voucher_number[:11],
        reason=reason,
    )


@transaction.atomic
def take(*, by_id: int | None, submissions: Sequence[Submission], source: str = Source.XML) -> list[Taken]:
    """Keep some submissions, in order, each matched with its person where everything agrees.

    The same result again is told and not kept twice. A second 特定健診 of one person in a year is kept as 重複受診. As many
    statements for a hundred submissions as for one.
    """
    known = set(
        CheckupResult.objects.filter(digest__in=[one.digest for one in submissions])
        .exclude(state=ResultState.WITHDRAWN)
        .values_list("digest", flat=True)
    )
    population("取り込み済みの結果", len(known))
    matches = _matches(submissions)
    people = [found.member_id for found in matches if found.member_id]
    years = {ages.fiscal_year(one.exam_date) for one in submissions}
    first: dict[tuple[int, int], CheckupResult] = {}
    for row in CheckupResult.objects.filter(
        member_id__in=people, fiscal_year__in=years, state=ResultState.MATCHED, statutory=True
    ):
        assert row.member_id is not None
        first[row.member_id, row.fiscal_year] = row
    taken: list[Taken] = []
    kept: list[tuple[CheckupResult, Submission, str]] = []
    doubles: list[tuple[CheckupResult, CheckupResult]] = []
    covering = _covering(people, submissions)
    for submission, found in zip(submissions, matches, strict=True):
        if submission.digest in known:
            taken.append(Taken(submission.name, DocumentOutcome.SAME))
            continue
        known.add(submission.digest)
        result = _result_of(submission, source)
        reason = found.reason
        if found.member_id is not None:
            stay = covering.get((found.member_id, submission.exam_date))
            if stay is None:
                reason = Reason.NOT_COVERED
            else:
                result.member_id = found.member_id
                result.insured, result.employer_id = stay
                result.state = ResultState.MATCHED
        outcome = DocumentOutcome.UNMATCHED if reason else DocumentOutcome.TAKEN
        problems = (
            [[submission.name, WORDS[reason], "「本人が未確認」の一覧で、だれの結果かを選びます。"]] if reason else []
        )
        if result.member_id is not None and result.statutory:
            standing = first.get((result.member_id, result.fiscal_year))
            if standing is not None:
                result.state, outcome = ResultState.DOUBLE, DocumentOutcome.DOUBLE
                doubles.append((result, standing))
                problems = [
                    [
                        submission.name,
                        "この人の、この年度の特定健診の結果がすでにあります。",
                        "「重複受診」で、どちらを使うかを選びます。",
                    ]
                ]
            else:
                first[result.member_id, result.fiscal_year] = result
        kept.append((result, submission, reason or ""))
        taken.append(Taken(submission.name, outcome, result, problems))
    later = {id(result) for result, _standing in doubles}
    CheckupResult.objects.bulk_create(result for result, _one, _reason in kept if id(result) not in later)
    for result, standing in doubles:
        result.double_of_id = standing.pk
    CheckupResult.objects.bulk_create(result for result, _standing in doubles)
    SubmittedIdentity.objects.bulk_create(_identity_of(one, result, reason) for result, one, reason in kept)
    by_year: dict[int, list[int]] = defaultdict(list)
    for result, _one, _reason in kept:
        if result.state == ResultState.MATCHED and result.member_id:
            by_year[result.fiscal_year].append(result.member_id)
    for year, members in by_year.items():
        attended(members, year)
    return taken


def _matches(submissions: Sequence[Submission]) -> list[Match]:
    own = settings.ASSOCIATION["insurer_number"]
    numbers = {
        (digits(one.identity.symbol), digits(one.identity.number))
        for one in submissions
        if one.identity.insurer_number == own
    }
    under: dict[tuple[str, str], list[coverage.Candidate]] = defaultdict(list)
    for person in coverage.candidates(sorted(numbers)):
        under[person.symbol.lstrip("0"), person.number.lstrip("0")].append(person)
    found = []
    for one in submissions:
        identity = one.identity
        if identity.insurer_number != own:
            found.append(Match(None, Reason.OTHER_INSURER))
            continue
        place = (digits(identity.symbol).lstrip("0"), digits(identity.number).lstrip("0"))
        found.append(
            match(
                branch=identity.branch,
                kana=identity.kana,
                birth_date=identity.birth_date,
                sex=identity.sex,
                people=under.get(place, []),
                key=search_key,
            )
        )
    return found


def _covering(people: Sequence[int], submissions: Sequence[Submission]) -> dict[Any, tuple[bool, int | None]]:
    """(member, day) → (insured?, employer) for every day of examination on which the person is covered."""
    found = {}
    days = {one.exam_date for one in submissions}
    if not people or not days:
        return {}
    stays = coverage.covered_days(people, min(days), max(days) + timedelta(days=1))
    guarded = rosters.protected_among(people)
    for member_id, (periods, insured, employer) in stays.items():
        for day in days:
            if any(start <= day and (end is None or day < end) for start, end in periods):
                found[member_id, day] = (insured, None if member_id in guarded else employer)
    return found


@transaction.atomic
def match_by_hand(*, by: Any, result_id: int, member_id: int) -> CheckupResult:
    """本人を選ぶ: a clerk says whose result it is. Raises UnableToMove where that person was not covered on the day."""
    result = CheckupResult.objects.select_for_update(of=("self",)).get(pk=result_id)
    policies.check_can_match(result)
    day = result.exam_date
    stays = coverage.covered_days([member_id], day, day + timedelta(days=1))
    if member_id not in stays:
        raise UnableToMove(f"この人は{day:%Y-%m-%d}に資格がありません。受診した日か、人を確かめてください。")
    _periods, insured, employer = stays[member_id]
    standing = CheckupResult.objects.filter(
        member_id=member_id, fiscal_year=result.fiscal_year, state=ResultState.MATCHED, statutory=True
    ).first()
    result.member_id = member_id
    result.insured, result.employer_id = insured, None if rosters.protected_among([member_id]) else employer
    if standing is not None and result.statutory:
        result.state, result.double_of = ResultState.DOUBLE, standing
    else:
        result.state = ResultState.MATCHED
    result.version += 1
    result.save()
    SubmittedIdentity.objects.filter(result=result).update(member_id=member_id)
    if result.state == ResultState.MATCHED:
        attended([member_id], result.fiscal_year)
    return result


@transaction.atomic
def unmatch(*, by: Any, result_id: int) -> CheckupResult:
    """本人の確認を取り消す: back to the list of the unmatched. What was judged from it stays with the former person."""
    result = CheckupResult.objects.select_for_update(of=("self",)).get(pk=result_id)
    if result.state not in (ResultState.MATCHED, ResultState.DOUBLE):
        raise UnableToMove("本人を確認した結果だけ、確認を取り消せます。")
    SubmittedIdentity.objects.filter(result=result).update(member_id=None, reason=Reason.OTHER_PERSON)
    result.member_id, result.insured, result.employer_id, result.double_of = None, None, None, None
    result.state, result.version = ResultState.UNMATCHED, result.version + 1
    result.save()
    return result


@transaction.atomic
def use_instead(*, by: Any, result_id: int) -> CheckupResult:
    """重複受診のうちこちらを使う: the one used so far becomes the double."""
    double = CheckupResult.objects.select_for_update(of=("self",)).get(pk=result_id)
    if double.state != ResultState.DOUBLE or double.member_id is None:
        raise UnableToMove("重複受診の結果ではありません。")
    standing = (
        CheckupResult.objects.select_for_update(of=("self",))
        .filter(member_id=double.member_id, fiscal_year=double.fiscal_year, state=ResultState.MATCHED, statutory=True)
        .first()
    )
    if standing is not None:
        standing.state, standing.version = ResultState.DOUBLE, standing.version + 1
        standing.double_of = None
        standing.save()
    double.state, double.double_of, double.version = ResultState.MATCHED, None, double.version + 1
    double.save()
    if standing is not None:
        standing.double_of = double
        standing.save(update_fields=["double_of"])
    return double


@transaction.atomic
def withdraw(*, by: Any, result_id: int) -> CheckupResult:
    """結果を取り下げる: the institution took it back (報告区分19 削除依頼), or it was taken in wrongly. The row stays."""
    result = CheckupResult.objects.select_for_update(of=("self",)).get(pk=result_id)
    policies.check_can_withdraw(result)
    result.state, result.version = ResultState.WITHDRAWN, result.version + 1
    result.save(update_fields=["state", "version"])
    return result


def problem_rows(problems: Sequence[Problem]) -> list[list[str]]:
    """Problems as they are stored beside a document."""
    return [problem.row() for problem in problems]

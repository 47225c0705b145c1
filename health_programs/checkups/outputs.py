"""Files of the checkups that may leave through the door: 受診券, 結果の通知, 受診勧奨の通知, 宛名リスト and 宛名ラベル.

To the person themselves, one by one or as a stack the association posts; or all of them to the contractor who prints and
posts them, as agreed. Protected people
are taken out by the door and counted: their letters go out by the clerk who is named for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from health_programs.checkups import (  # noqa: F401  (their kinds are declared on import)
    government_outputs,
    handover,
    online_eligibility,
)
from health_programs.checkups.actions.campaigns import words_for
from health_programs.checkups.activities import (
    CHECKUP_ADMINISTRATION,
    CHECKUP_REMINDER,
    COHORT_TARGETING,
    RESULT_NOTICE,
    SHELF,
    TREATMENT_RECOMMENDATION,
)
from health_programs.checkups.enums import CampaignState, Urgency
from health_programs.checkups.letter_forms import (
    LABELS,
    LETTERS,
    CampaignFileForm,
    CohortFileForm,
    ReferralLetterForm,
    VoucherFileForm,
    YearForm,
)
from health_programs.checkups.letters import labels, referral_letter, reminder_letter, result_notice, voucher
from health_programs.checkups.letters.common import address_values
from health_programs.checkups.models import Campaign
from health_programs.checkups.queries import campaigns, cohorts, letters
from members.enrollment.queries import coverage, postal_of, rosters
from privacy.outputs.enums import Basis, FileFormat, RecipientKind, Removal
from privacy.outputs.kinds import Allowed, Column, Order, Renderer, Row, Subjects, Value, register_file

ALL = "all"
Items = tuple[tuple[str, str], ...]
Told = Mapping[str, Callable[[Value], str]]


def _columns(items: Items, told: Told | None = None) -> tuple[Column, ...]:
    return tuple(Column(code, title, told=(told or {}).get(code)) for code, title in items)


def _proven(order: Order, ids: Sequence[int]) -> set[int]:
    """To a person only what is their own; in a stack, or to a contractor, only people the association has a period of."""
    if order.addressee.kind == RecipientKind.PERSON:
        return {pk for pk in ids if pk == order.addressee.member_id}
    return rosters.registered(ids)


def _stack(subjects: Subjects, size: int) -> Subjects:
    """Of a PDF only one stack of so many: typst sets a document as a whole and holds some megabytes for each letter."""

    def some(order: Order) -> Sequence[int]:
        found = subjects(order)
        if order.format != FileFormat.PDF or order.addressee.member_id is not None:
            return found
        start = ((order["part"] or 1) - 1) * size
        return found[start : start + size]

    return some


def _letters(name: str, title: str, items: Items, pdf: Renderer, *, keeps: frozenset[Removal] = frozenset(), article: str = "", told: Told | None = None, more: Mapping[FileFormat, None] | None = None, parameters: Mapping[str, type], subjects: Subjects, **given: Any) -> None:  # fmt: skip
    """Two kinds: whole letters to each person (one or a stack), and the agreed items to the contractor who prints and posts."""
    codes = tuple(code for code, _title in items)
    own = Allowed(Basis.OWN, codes, article=article, keeps=keeps)
    agreed = Allowed(Basis.CONTRACT, codes, keeps=keeps)
    shared: dict[str, Any] = {
        "columns": _columns(items, told), "belongs": _proven, "shelf": SHELF, "parameters": {**parameters, "part": int},
        "subjects": _stack(subjects, LETTERS), **given,
    }  # fmt: skip
    register_file(
        f"checkups.{name}", title, recipients={RecipientKind.EACH: own, RecipientKind.PERSON: own}, whole=True,
        formats={FileFormat.PDF: pdf}, **shared,
    )  # fmt: skip
    register_file(
        f"checkups.{name}_print", f"{title}（印刷・発送の委託先へ）", recipients={RecipientKind.CONTRACTOR: agreed},
        formats={FileFormat.PDF: pdf, **(more or {})}, **shared,
    )  # fmt: skip


# --- 受診券 ------------------------------------------------------------------------------------------------------------


def _voucher_people(order: Order) -> list[int]:
    return letters.voucher_ids(order["year"], order["kind"], since=order["since"], member_id=order.addressee.member_id)


def _voucher_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    found = letters.vouchers(ids, order["year"], order["kind"])
    people, members = postal_of(ids, order.today), rosters.members_among(ids)
    for pk in ids:
        if pk not in found or pk not in people:
            continue
        person, member, one = people[pk], members[pk], found[pk]
        yield Row(
            pk,
            {
                **address_values(person),
                "voucher_number": one.number,
                "name": person.name,
                "kana": member.kana,
                "sex": voucher.SEXES.get(member.sex, ""),
                "birth_date": member.birth_date,
                "issued_date": one.issued_date,
                "valid_until": one.valid_until,
                "kind": one.kind.name,
                "copayment": one.kind.copayment,
                "card_number": person.number,
                "insurer_number": str(settings.ASSOCIATION["insurer_number"]),
            },
        )


_letters(
    "voucher",
    "受診券",
    voucher.ITEMS,
    voucher.voucher_pdf,
    activity=CHECKUP_ADMINISTRATION,
    more={FileFormat.CSV: None},
    parameters={"year": int, "kind": int, "since": date},
    form=VoucherFileForm,
    subjects=_voucher_people,
    build=_voucher_rows,
    unit="枚",
)


# --- 結果の通知 ---------------------------------------------------------------------------------------------------------


def _notice_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    found = letters.notices(ids, order["year"])
    people = postal_of(ids, order.today)
    for pk in ids:
        if pk not in found or pk not in people:
            continue
        person, one = people[pk], found[pk]
        yield Row(
            pk,
            {
                **address_values(person),
                "number": person.number,
                "name": person.name,
                "exam_date": one.result.exam_date,
                "institution": one.result.institution_name or one.result.institution_code,
                "results": result_notice.stage(one.result),
                "earlier": result_notice.stage_earlier(one.earlier),
                "level": one.level,
            },
        )


_letters(
    "result_notice",
    "健診結果のお知らせ",
    result_notice.ITEMS,
    result_notice.notice_pdf,
    activity=RESULT_NOTICE,
    told=result_notice.TOLD,
    # 高確法23条: the insurer has to tell everybody examined, so a wish not to be addressed leaves nobody without the result.
    keeps=frozenset({Removal.OPTED_OUT}),
    article="高齢者の医療の確保に関する法律23条",
    parameters={"year": int},
    form=YearForm,
    subjects=lambda order: letters.examined_ids(order["year"], order.addressee.member_id),
    build=_notice_rows,
    unit="通",
)


# --- 受診勧奨の通知 -----------------------------------------------------------------------------------------------------


def _case_people(order: Order) -> list[int]:
    if order["campaign"]:
        campaign = _campaign(order)
        return _reminded(order) if campaign and campaign.fiscal_year == order["year"] else []
    asked = order["urgency"] or ALL
    return letters.case_ids(order["year"], "" if asked == ALL else asked, order.addressee.member_id)


def _case_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    campaign = _campaign(order) if order["campaign"] else None
    # Whoever answered since the night is written to no more.
    wanted = campaigns.still_wanted(campaign, ids, order.today) if campaign else set(ids)
    found = letters.cases([pk for pk in ids if pk in wanted], order["year"])
    people = postal_of(ids, order.today)
    for pk in ids:
        if pk not in found or pk not in people:
            continue
        person, case = people[pk], found[pk]
        yield Row(
            pk,
            {
                **address_values(person),
                "number": person.number,
                "name": person.name,
                "case": case.pk,
                "exam_date": case.result.exam_date,
                "institution": case.result.institution_name or case.result.institution_code,
                "urgency": case.urgency,
                "findings": referral_letter.stage(case.items),
            },
        )


_letters(
    "referral_letter",
    "受診勧奨のお知らせ",
    referral_letter.ITEMS,
    referral_letter.letter_pdf,
    activity=TREATMENT_RECOMMENDATION,
    told=referral_letter.TOLD,
    parameters={"year": int, "urgency": str, "campaign": int},
    codes=(ALL, *Urgency.values),
    form=ReferralLetterForm,
    subjects=_case_people,
    build=_case_rows,
    unit="通",
)


# --- 未受診者への受診勧奨 ------------------------------------------------------------------------------------------------


def _campaign(order: Order) -> Campaign | None:
    return campaigns.campaigns().filter(pk=order["campaign"] or 0, state=CampaignState.BUILT).first()


def _reminded(order: Order) -> list[int]:
    campaign, one = _campaign(order), order.addressee.member_id
    # As they were fixed in the night, so that no stack moves when somebody books in between.
    people = campaigns.letter_people(campaign) if campaign else []
    return [pk for pk in people if one in (None, pk)]


def _reminder_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    campaign = _campaign(order)
    wanted = campaigns.still_wanted(campaign, ids, order.today) if campaign else set()
    words = words_for(campaign, [pk for pk in ids if pk in wanted]) if campaign else {}
    people = postal_of(ids, order.today)
    for pk in ids:
        if pk in words and pk in people:
            subject, body = words[pk]
            head = {**address_values(people[pk]), "number": people[pk].number}
            yield Row(pk, {**head, "subject": subject, "body": body})


_letters(
    "reminder_letter",
    "未受診者への受診勧奨",
    reminder_letter.ITEMS,
    reminder_letter.letter_pdf,
    activity=CHECKUP_REMINDER,
    parameters={"campaign": int},
    form=CampaignFileForm,
    subjects=_reminded,
    build=_reminder_rows,
    unit="通",
)


# --- 宛名リスト・宛名ラベル ------------------------------------------------------------------------------------------------


def _covered(order: Order, ids: Sequence[int]) -> set[int]:
    """A programme addresses members: whoever has left since the list was frozen is not written to."""
    return set(coverage.covered_days(ids, order.today, order.today + timedelta(days=1)))


def _addressee_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    people, members = postal_of(ids, order.today), rosters.members_among(ids)
    for pk in ids:
        if pk in people:
            person = people[pk]
            values: dict[str, Any] = {**address_values(person), "kana": members[pk].kana, "number": person.number}
            yield Row(pk, values)


_COHORT: dict[str, Any] = {
    "activity": COHORT_TARGETING,
    "columns": _columns(labels.ITEMS),
    "parameters": {"cohort": int, "part": int},
    "form": CohortFileForm,
    "subjects": _stack(lambda order: cohorts.ids_of(order["cohort"]), LABELS),
    "belongs": _covered,
    "build": _addressee_rows,
    "unit": "名",
    "shelf": SHELF,
}
_LABEL_ITEMS = tuple(code for code, _title in labels.ITEMS)
register_file(
    "checkups.cohort_labels",
    "対象者リストの宛名ラベル",
    recipients={RecipientKind.EACH: Allowed(Basis.OWN, _LABEL_ITEMS)},
    formats={FileFormat.PDF: labels.labels_pdf},
    whole=True,
    **_COHORT,
)
register_file(
    "checkups.cohort_addressees",
    "対象者リストの宛名（委託先へ）",
    recipients={RecipientKind.CONTRACTOR: Allowed(Basis.CONTRACT, _LABEL_ITEMS)},
    formats={FileFormat.CSV: None, FileFormat.PDF: labels.labels_pdf},
    **_COHORT,
)

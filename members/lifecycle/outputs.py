"""Letters of 年齢到達 and 任意継続 that leave through the door, each to the person it is about.

The lists say who is due (what this app decided); the proofs ask the register itself (births, periods of qualification), so
that a wrong list sends nobody a letter that is not theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kumiai.documents import render
from kumiai.ui.formats import format_wareki, format_wareki_month
from kumiai.ui.forms import JapaneseDateField, PortalForm
from members.enrollment.queries import postal_of
from members.lifecycle.activities import LIFECYCLE_OUTPUT
from members.lifecycle.enums import AgeKind, EndKind
from members.lifecycle.files import letters
from members.lifecycle.queries import notices
from members.lifecycle.rules.ages import AGES, effective_on
from members.lifecycle.rules.voluntary import term_end
from privacy.outputs.enums import Basis, FileFormat, RecipientKind
from privacy.outputs.kinds import Allowed, Belongs, Column, Document, Order, Row, Subjects, register_file
from privacy.outputs.letters import frame_of, sender

MOST_DAYS = 366
HEAD = (
    Column("number", "記号-番号-枝番"),
    Column("name", "氏名"),
    Column("addressee", "宛名"),
    Column("postal", "郵便番号"),
    Column("place", "送り先"),
)
"""What every letter needs to arrive."""


class SpanForm(PortalForm):
    """Days of effect or loss, both included."""

    first = JapaneseDateField(label="から")
    last = JapaneseDateField(label="まで")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", "「まで」の日が「から」の日より前です。順を入れ替えてください。")
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", "1年より長い期間は出せません。期間を分けてください。")
        return values


class AgeForm(SpanForm):
    first = JapaneseDateField(label="効力の日（から）")
    last = JapaneseDateField(label="効力の日（まで）")
    age = forms.TypedChoiceField(
        label="年齢", coerce=int, empty_value=None, required=False, choices=[("", "すべて"), *AgeKind.choices]
    )


class LossForm(SpanForm):
    first = JapaneseDateField(label="喪失日（から）")
    last = JapaneseDateField(label="喪失日（まで）")


class UnpaidForm(PortalForm):
    on = JapaneseDateField(label="この日に未納であるもの", help_text="納付期日がこの日より前のもの")

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("まだ来ていない日です。今日までの日を入力してください。")
        return on


def _rows(found: Mapping[int, Sequence[Mapping[str, Any]]], ids: Sequence[int], on: date) -> Iterable[Row]:
    """Letters with their address, in the order of the people; found: member id → values of their letters."""
    places = postal_of(ids, on)
    for member in ids:
        if (place := places.get(member)) is None:
            continue
        for values in found.get(member, ()):
            head = {
                "number": place.number,
                "name": place.name,
                "addressee": place.addressee,
                "postal": place.postal,
                "place": f"{place.town}{' ' if not place.postal_code else ''}{place.street}",
            }
            yield Row(member, {**head, **values})


def _by_member(entries: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for member, values in entries:
        found.setdefault(member, []).append(values)
    return found


def _pdf(words: Callable[[letters.Values], letters.Letter]) -> Callable[[Document], bytes]:
    """A renderer that sets each row as one letter."""

    def made(document: Document) -> bytes:
        issued = format_wareki(document.footer.at.date())
        stack = []
        for row in document.rows:
            letter, values = words(row.values), row.values
            to = {
                "postal": values["postal"] or "",
                "place": values["place"] or "",
                "name": values["addressee"],
                "number": values["number"],
            }
            stack.append(
                {
                    "to": to,
                    "title": letter.title,
                    "opening": list(letter.opening),
                    "facts": [list(fact) for fact in letter.facts],
                    "closing": list(letter.closing),
                }
            )
        data = {"letters": stack, "issued": issued, "sender": sender()}
        return render("lifecycle/member_letter", data, frame=frame_of(document))

    return made


def _register(
    name: str, title: str, columns: Sequence[Column], words: Any, *, subjects: Subjects, belongs: Belongs, **given: Any
) -> None:
    """A kind of letters: to each person their own, or to the one who was chosen; its items are what a letter is made of."""
    whole = (*HEAD, *columns)
    own = Allowed(Basis.OWN, tuple(column.code for column in whole))

    def due(order: Order) -> list[int]:
        one = order.addressee.member_id
        return [member for member in dict.fromkeys(subjects(order)) if one in (None, member)]

    def proven(order: Order, ids: Sequence[int]) -> set[int]:
        one = order.addressee.member_id
        return {member for member in belongs(order, ids) if one in (None, member)}

    register_file(
        f"lifecycle.{name}",
        title,
        activity=LIFECYCLE_OUTPUT,
        columns=whole,
        recipients={RecipientKind.EACH: own, RecipientKind.PERSON: own},
        subjects=due,
        belongs=proven,
        formats={FileFormat.PDF: _pdf(words)},
        unit="通",
        whole=True,
        **given,
    )


# --- 年齢到達 -----------------------------------------------------------------------------------------------------------


def _age_notices(order: Order) -> list[notices.AgeNotice]:
    return notices.age_notices(first=order["first"], last=order["last"], kind=order["age"])


def _reach_an_age(order: Order, ids: Sequence[int]) -> set[int]:
    """By their birth alone: an age of the letter takes effect in these days."""
    ages = [order["age"]] if order["age"] else AGES
    return {
        member
        for member, birth in notices.births_of(ids).items()
        if any(order["first"] <= effective_on(birth, age) <= order["last"] for age in ages)
    }


def _age_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    entries = (
        (
            one.member_id,
            {
                "age": one.kind,
                "birth_date": one.birth_date,
                "reached_date": one.reached_date,
                "event_date": one.event_date,
                "role": letters.DEPENDANT if one.dependant else letters.INSURED,
                "dependants": one.dependants,
            },
        )
        for one in _age_notices(order)
    )
    return _rows(_by_member(entries), ids, order.today)


_register(
    "age_notice",
    "年齢到達の案内",
    [
        Column("age", "年齢", figure=True),
        Column("birth_date", "生年月日"),
        Column("reached_date", "達する日"),
        Column("event_date", "効力の日"),
        Column("role", "本人・家族"),
        Column("dependants", "資格を失う被扶養者", figure=True),
    ],
    letters.age_letter,
    parameters={"first": date, "last": date, "age": int},
    form=AgeForm,
    subjects=lambda order: [one.member_id for one in _age_notices(order)],
    belongs=_reach_an_age,
    build=_age_rows,
)


# --- 任意継続 -----------------------------------------------------------------------------------------------------------


def _term_notices(order: Order) -> list[notices.TermNotice]:
    return notices.term_notices(first=order["first"], last=order["last"])


def _two_years_end(order: Order, ids: Sequence[int]) -> set[int]:
    """By the register: they go on by choice since a day from which two years end in these days."""
    return {
        member
        for member, periods in notices.periods_of(ids).items()
        if any(
            kind == "voluntary" and order["first"] <= term_end(start).day <= order["last"]
            for kind, start, _end in periods
        )
    }


def _term_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    entries = (
        (one.member_id, {"begun_date": one.begun_date, "last_date": one.last_date, "loss_date": one.loss_date})
        for one in _term_notices(order)
    )
    return _rows(_by_member(entries), ids, order.today)


_register(
    "term_notice",
    "任意継続の満了の案内",
    [Column("begun_date", "なった日"), Column("last_date", "2年を経過する日"), Column("loss_date", "喪失日")],
    letters.term_letter,
    parameters={"first": date, "last": date},
    form=LossForm,
    subjects=lambda order: [one.member_id for one in _term_notices(order)],
    belongs=_two_years_end,
    build=_term_rows,
)


def _loss_notices(order: Order) -> list[notices.LossNotice]:
    return notices.loss_notices(first=order["first"], last=order["last"])


def _lost(order: Order, ids: Sequence[int]) -> set[int]:
    """By the register: a qualification of theirs ends in these days. Where going on never began, the one before it."""
    return {
        member
        for member, periods in notices.periods_of(ids).items()
        if any(end is not None and order["first"] <= end <= order["last"] for _kind, _start, end in periods)
    }


def _loss_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    entries = (
        (
            one.member_id,
            {
                "begun_date": one.begun_date,
                "loss_date": one.loss_date,
                "reason": str(EndKind(one.end_kind).label),
                "fact_date": one.fact_date,
            },
        )
        for one in _loss_notices(order)
    )
    return _rows(_by_member(entries), ids, order.today)


_register(
    "loss_notice",
    "任意継続の資格喪失の通知",
    [
        Column("begun_date", "なった日"),
        Column("loss_date", "喪失日"),
        Column("reason", "理由"),
        Column("fact_date", "事実の日"),
    ],
    letters.loss_letter,
    parameters={"first": date, "last": date},
    form=LossForm,
    subjects=lambda order: [one.member_id for one in _loss_notices(order)],
    belongs=_lost,
    build=_loss_rows,
)


def _go_on(order: Order, ids: Sequence[int]) -> set[int]:
    """By the register: they go on by choice on the day."""
    return {
        member
        for member, periods in notices.periods_of(ids).items()
        if any(
            kind == "voluntary" and start <= order["on"] and (end is None or order["on"] < end)
            for kind, start, end in periods
        )
    }


def _unpaid_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    entries = (
        (
            one.member_id,
            {
                "months": "、".join(format_wareki_month(month) for month in one.months),
                "due_date": one.due_date,
                "first": letters.FIRST if one.first else letters.LATER,
            },
        )
        for one in notices.unpaid_notices(on=order["on"])
    )
    return _rows(_by_member(entries), ids, order.today)


_register(
    "unpaid_notice",
    "任意継続の保険料の未納の照会",
    [Column("months", "保険料の月"), Column("due_date", "納付期日"), Column("first", "初回")],
    letters.unpaid_letter,
    parameters={"on": date},
    form=UnpaidForm,
    subjects=lambda order: [one.member_id for one in notices.unpaid_notices(on=order["on"])],
    belongs=_go_on,
    build=_unpaid_rows,
)

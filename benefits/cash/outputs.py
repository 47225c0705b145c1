"""Letters of 現金給付 that leave through the door: of decisions and of payments, each to the person it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from benefits.cash import number_outputs  # noqa: F401  (declares its own kinds)
from benefits.cash.actions.inquiries import ANSWER_DAYS
from benefits.cash.activities import CASH_BENEFITS, SHELF, SICKNESS_ALLOWANCE
from benefits.cash.forms import InquiryFileForm, NoticeForm
from benefits.cash.letters import Letter, day, notice, payment_notice
from benefits.cash.presentation import figure, in_words
from benefits.cash.queries import inquiries, letters
from benefits.cash.queries.cases import illness_of
from benefits.cash.queries.letters import Told
from kumiai.documents import render
from kumiai.ui.formats import format_wareki
from members.enrollment.queries import postal_of
from members.enrollment.queries.rosters import members_among
from privacy.outputs.enums import Basis, FileFormat, RecipientKind, Removal
from privacy.outputs.kinds import Allowed, Column, Document, Order, Row, register_file
from privacy.outputs.letters import frame_of, sender

HEAD = (
    Column("number", "記号-番号-枝番"),
    Column("name", "氏名"),
    Column("addressee", "宛名"),
    Column("postal", "郵便番号"),
    Column("place", "送り先"),
)


def _count(value: Any) -> str:
    rows = json.loads(str(value)) if value else []
    return f"{len(rows)}行" if rows else ""


BODY = (
    Column("decision", "決定の番号"),
    Column("outcome", "決定"),
    Column("kind", "種類"),
    Column("case_number", "受付番号"),
    Column("patient", "対象の人"),
    Column("first", "期間の初日"),
    Column("last", "期間の末日"),
    Column("decided_date", "決定日"),
    Column("due", "支給すべき額", figure=True),
    Column("amount", "今回の額", figure=True),
    Column("extra", "付加金", figure=True),
    Column("to_institution", "医療機関等へ", figure=True),
    Column("reason", "理由"),
    Column("steps", "計算の過程", told=_count),
    Column("parts", "返納の計画", told=_count),
)
PAID = (*(column for column in BODY if column.code not in ("steps", "parts")), Column("paid_date", "振込日"))

Found = Callable[[Order], list[Told]]


def _decided(order: Order) -> list[Told]:
    rows = letters.decisions(
        decision=order["decision"], since=order["since"], until=order["until"], member_id=order.addressee.member_id
    )
    return letters.told(rows)


def _paid(order: Order) -> list[Told]:
    return letters.paid(
        decision=order["decision"], since=order["since"], until=order["until"], member_id=order.addressee.member_id
    )


def _rows(found: Found, codes: Sequence[str]) -> Callable[[Order, Sequence[int]], Iterable[Row]]:
    def build(order: Order, ids: Sequence[int]) -> Iterable[Row]:
        places, wanted = postal_of(ids, order.today), set(ids)
        for one in found(order):
            if one.member_id not in wanted or (place := places.get(one.member_id)) is None:
                continue
            head = {
                "number": place.number,
                "name": place.name,
                "addressee": one.addressee or place.addressee,
                "postal": place.postal,
                "place": f"{place.town}{' ' if not place.postal_code else ''}{place.street}",
            }
            steps = [{**row, "label": in_words(row["label"]), "figure": figure(row)} for row in one.steps]
            body = one.values | {
                "steps": json.dumps(steps, ensure_ascii=False) if steps else "",
                "parts": json.dumps(one.parts, ensure_ascii=False) if one.parts else "",
            }
            also = (one.patient_id,) if one.patient_id != one.member_id else ()
            yield Row(one.member_id, head | {code: body.get(code) for code in codes}, also=also)

    return build


def _belongs(found: Found) -> Callable[[Order, Sequence[int]], set[int]]:
    def proven(order: Order, ids: Sequence[int]) -> set[int]:
        """Whose own applications the decisions of this order are, by the cases themselves."""
        one, wanted = order.addressee.member_id, {told.values["decision"] for told in found(order)}
        return {
            member for member, decisions in letters.owners(ids).items() if decisions & wanted and one in (None, member)
        }

    return proven


def _pdf(words: Callable[[Any], Letter]) -> Callable[[Document], bytes]:
    """Each row is one letter."""

    def made(document: Document) -> bytes:
        stack = []
        for row in document.rows:
            values, letter = row.values, words(row.values)
            to = {
                "postal": values["postal"] or "", "place": values["place"] or "", "name": values["addressee"],
                "number": values["number"],
            }  # fmt: skip
            stack.append(
                {
                    "to": to,
                    "title": letter.title,
                    "opening": list(letter.opening),
                    "facts": [list(fact) for fact in letter.facts],
                    "steps": [list(step) for step in letter.steps],
                    "parts": [list(part) for part in letter.parts],
                    "closing": list(letter.closing),
                    "appeal": list(letter.appeal),
                }
            )
        data = {"letters": stack, "issued": format_wareki(document.footer.at.date()), "sender": sender()}
        return render("cash/notice", data, frame=frame_of(document))

    return made


def _unpacked(values: Any) -> Letter:
    return notice(values, json.loads(str(values["steps"] or "[]")), json.loads(str(values["parts"] or "[]")))


def _register(name: str, title: str, columns: tuple[Column, ...], words: Callable[[Any], Letter], found: Found) -> None:
    whole = (*HEAD, *columns)
    # 法189条: who is decided about has to be told, whatever they wish to receive otherwise.
    own = Allowed(Basis.OWN, tuple(column.code for column in whole), keeps=frozenset({Removal.OPTED_OUT}))
    register_file(
        f"cash.{name}",
        title,
        activity=CASH_BENEFITS,
        columns=whole,
        recipients={RecipientKind.EACH: own, RecipientKind.PERSON: own},
        parameters={"decision": int, "since": date, "until": date},
        form=NoticeForm,
        subjects=lambda order: list(dict.fromkeys(one.member_id for one in found(order))),
        belongs=_belongs(found),
        build=_rows(found, tuple(column.code for column in columns)),
        formats={FileFormat.PDF: _pdf(words)},
        unit="通",
        whole=True,
        shelf=SHELF,
    )


_register("notice", "給付の決定の通知書", BODY, _unpacked, _decided)
_register("payment_notice", "給付金の振込のお知らせ", PAID, payment_notice, _paid)


# --- 医師への照会 --------------------------------------------------------------------------------------------------------

INQUIRY = (
    Column("number", "記号-番号-枝番"),
    Column("name", "氏名"),
    Column("birth_date", "生年月日"),
    Column("illness", "傷病名"),
    Column("first", "請求期間の初日"),
    Column("last", "請求期間の末日"),
    Column("physician", "担当の医師"),
    Column("consent_date", "本人の同意日"),
    Column("due_date", "回答の期限"),
    Column("questions", "照会する事項", told=_count),
)


def _asked_about(order: Order) -> list[int]:
    row = inquiries.inquiry_of(order["inquiry"])
    return [row.member_id] if row is not None else []


def _inquiry_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    row = inquiries.inquiry_of(order["inquiry"])
    if row is None or row.member_id not in ids:
        return
    member, facts = members_among([row.member_id])[row.member_id], illness_of(row.case_id)
    yield Row(
        row.member_id,
        {
            "number": member.card_number,
            "name": member.name,
            "birth_date": member.birth_date,
            "illness": facts,
            "first": row.case.first,
            "last": row.case.last,
            "physician": row.physician,
            "consent_date": row.consent_date,
            "due_date": order.today + ANSWER_DAYS,
            "questions": json.dumps(list(row.questions), ensure_ascii=False),
        },
    )


def _inquiry_pdf(document: Document) -> bytes:
    to, letters_made = document.order.addressee, []
    for row in document.rows:
        values = row.values
        letters_made.append(
            {
                "to": {"postal": "", "place": to.address, "name": to.name, "physician": values["physician"] or ""},
                "facts": [
                    ["患者の氏名", str(values["name"])],
                    ["生年月日", day(values["birth_date"])],
                    ["記号・番号", str(values["number"])],
                    ["傷病名（申請書の記載）", str(values["illness"])],
                    ["請求の期間", f"{day(values['first'])}から{day(values['last'])}まで"],
                    ["本人の同意", f"{day(values['consent_date'])}（同意書の写しを同封します）"],
                    ["回答の期限", day(values["due_date"])],
                ],
                "questions": json.loads(str(values["questions"])),
            }
        )
    data = {"letters": letters_made, "issued": format_wareki(document.footer.at.date()), "sender": sender()}
    return render("cash/inquiry", data, frame=frame_of(document))


register_file(
    "cash.inquiry",
    "療養状況の照会書",
    activity=SICKNESS_ALLOWANCE,
    columns=INQUIRY,
    # 個人情報保護法27条1項: what goes to the institution goes with the person's own consent, recorded on the inquiry.
    recipients={
        RecipientKind.MEDICAL: Allowed(
            Basis.CONSENT,
            tuple(column.code for column in INQUIRY),
            own_consent=True,
            keeps=frozenset({Removal.OPTED_OUT}),
        )
    },
    parameters={"inquiry": int},
    form=InquiryFileForm,
    subjects=_asked_about,
    belongs=lambda order, ids: inquiries.consented(order["inquiry"], order.addressee.recipient_id) & set(ids),
    build=_inquiry_rows,
    formats={FileFormat.PDF: _inquiry_pdf},
    unit="通",
    whole=True,
    shelf=SHELF,
)

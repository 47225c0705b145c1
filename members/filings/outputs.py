"""Files of the filings that may leave through the door: 返戻の送付状 to the employer that handed the filings in.

The employer has to file acquisition, loss and remuneration (健康保険法48条), and the association may have it report and show
papers on everything else (197条1項); asking it to complete what it filed rests on these two. 50条1項 is another matter: there
the association has found that the fact is not so, and tells. What goes back is what came from the same employer, and the
door still proves that every registered person belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from kumiai.ui.forms import JapaneseDateField, PortalForm
from members.filings import queries, register, return_letter
from members.filings.activities import FILING_OUTPUT
from members.filings.models import FilingReturn
from members.filings.reading import typed_name, typed_number
from privacy.outputs.enums import Basis, FileFormat, RecipientKind
from privacy.outputs.kinds import Allowed, Column, Document, Order, Row, register_file
from privacy.outputs.letters import frame_of, sender

DAY = timedelta(days=1)
MOST_DAYS = 366


class ReturnLetterForm(PortalForm):
    """The days on which the filings were returned, both included."""

    since = JapaneseDateField(label="返戻した日（から）")
    until = JapaneseDateField(label="返戻した日（まで）")

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until > timezone.localdate():
            raise forms.ValidationError("まだ来ていない日です。今日までの日を入力してください。")
        return until

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", "「まで」の日が「から」の日より前です。順を入れ替えてください。")
        elif since and until and (until - since).days >= MOST_DAYS:
            self.add_error("until", "1年より長い期間は出せません。期間を分けてください。")
        return values


def _returned(order: Order) -> list[FilingReturn]:
    # No employer has the number 0: to any other recipient nothing goes back.
    employer_id = order.addressee.employer_id or 0
    return queries.returned_between(order["since"], order["until"] + DAY, employer_id=employer_id)


def _people(order: Order) -> list[int]:
    found = [person.pk for row in _returned(order) if (person := queries.person_of_return(row)) is not None]
    return list(dict.fromkeys(found))


def _values(returned: FilingReturn) -> dict[str, Any]:
    filing = returned.filing
    return {
        "receipt_number": filing.receipt_number,
        "title": filing.title,
        "number": typed_number(filing),
        "name": typed_name(filing),
        "received": filing.received_date,
        "returned": returned.returned_date,
        "reason": returned.get_reason_display(),
        "sentence": returned.sentence,
    }


def _rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    """Every returned filing of these people; the insured person of a dependant is named with them."""
    wanted = set(ids)
    for returned in _returned(order):
        person = queries.person_of_return(returned)
        if person is None or person.pk not in wanted:
            continue
        filing = returned.filing
        with_them = (filing.member_id,) if filing.dependant_id and filing.member_id else ()
        yield Row(person.pk, _values(returned), also=with_them)


def _newcomers(order: Order) -> Iterable[Row]:
    """Returned filings of people who are in no register: handed in by this employer, or they would not be here."""
    return [Row(None, _values(row)) for row in _returned(order) if queries.person_of_return(row) is None]


def _pdf(document: Document) -> bytes:
    addressee = document.order.addressee
    return return_letter.letter_pdf(
        [row.values for row in document.rows],
        frame=frame_of(document),
        items=[column.code for column in document.columns],
        employer=return_letter.Employer(addressee.name, addressee.code, addressee.address),
        since=document.order["since"],
        until=document.order["until"],
        issued=document.footer.at.date(),
        sender=sender(),
    )


RETURN_LETTER = register_file(
    "filings.return_letter",
    "返戻の送付状",
    activity=FILING_OUTPUT,
    columns=[Column(code, title) for code, title in return_letter.ITEMS],
    recipients={
        RecipientKind.EMPLOYER: Allowed(
            Basis.LAW, tuple(code for code, _title in return_letter.ITEMS), article="健康保険法48条・197条1項"
        )
    },
    parameters={"since": date, "until": date},
    form=ReturnLetterForm,
    subjects=_people,
    belongs=lambda order, ids: register.proven_at(order.addressee.employer_id or 0, ids, order["since"]),
    build=_rows,
    unregistered=_newcomers,
    formats={FileFormat.PDF: _pdf},
    unit="件",
)

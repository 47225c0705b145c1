"""The months of a term of 任意継続: made with it, moved with it."""

from __future__ import annotations

from datetime import date

from kumiai.ui.formats import format_wareki, format_wareki_month
from members.lifecycle.models import VoluntaryInstalment, VoluntaryTerm
from members.lifecycle.policies import UnableToRecord
from members.lifecycle.rules import voluntary as rules
from members.lifecycle.rules.terms import Closed


def instalments_for(term: VoluntaryTerm, closed: Closed, *, since: date | None = None) -> list[VoluntaryInstalment]:
    """The months of the term with their due dates, not yet saved; those due from `since` on for a term that was not
    entered here."""
    months = rules.instalments(term.lost_date, term.first_due_date or term.lost_date, closed)
    return [
        VoluntaryInstalment(
            term=term, member_id=term.member_id, month=month.month, due_date=month.due, first=month.first
        )
        for month in months
        if since is None or (month.due >= since and not month.first)
    ]


def move_instalments(term: VoluntaryTerm, closed: Closed) -> None:
    """The months of a term whose beginning or first due date was put right, unsaved in `term`.

    No row is deleted: one whose month no longer belongs to the term becomes one of those that now do. Raises
    UnableToRecord when a paid month would no longer belong, or a payment would have been late.
    """
    wanted = {
        month.month: month for month in rules.instalments(term.lost_date, term.first_due_date or term.lost_date, closed)
    }
    kept = {row.month: row for row in VoluntaryInstalment.objects.select_for_update(of=("self",)).filter(term=term)}
    surplus = [row for month, row in sorted(kept.items()) if month not in wanted]
    for row in surplus:
        if row.paid_date:
            raise UnableToRecord(
                f"{format_wareki_month(row.month)}分は納付済みですが、任意継続の期間から外れます。先に納付を取り消してください。"
            )
    # A term that was not entered here has only the months that were still to be paid.
    missing = [month for day, month in sorted(wanted.items()) if day not in kept][: len(surplus)]
    for row, month in zip(surplus, missing, strict=False):
        row.month, row.due_date, row.first, row.excused, row.excuse = month.month, month.due, month.first, False, ""
        row.save(update_fields=["month", "due_date", "first", "excused", "excuse"])
    for day in sorted(kept.keys() & wanted.keys()):
        row, month = kept[day], wanted[day]
        if (row.due_date, row.first) == (month.due, month.first):
            continue
        if row.paid_date and row.paid_date > month.due and not row.excused:
            raise UnableToRecord(
                f"{format_wareki_month(day)}分は{format_wareki(row.paid_date)}に納付されています。"
                f"納付期日が{format_wareki(month.due)}になると、期日より後の納付になります。"
            )
        row.due_date, row.first = month.due, month.first
        row.save(update_fields=["due_date", "first"])

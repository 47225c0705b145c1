"""受付番号: one running number a month, by the era of the day of receipt."""

from __future__ import annotations

from datetime import date

from django.db import connection

from kumiai.ui.formats import ERAS, era_of
from members.enrollment.models import ChangeReport
from privacy.scope import population


def receipt_prefix(day: date) -> str:
    """R8-11- for a day of 令和8年11月, H31-04- for one of 平成31年4月."""
    name, _short, year = era_of(day)
    letter = next(letter for known, _s, letter, _first in ERAS if known == name)
    return f"{letter}{year}-{day.month:02d}-"


def mint_receipt_number(received_date: date) -> str:
    """The next receipt number of the month of receipt: R8-11-0412. Two at once wait for each other; none is given twice."""
    return mint_receipt_numbers(received_date, 1)[0]


def mint_receipt_numbers(received_date: date, count: int) -> list[str]:
    """The next so many numbers of the month of receipt, in order."""
    prefix = receipt_prefix(received_date)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrollment_receiptcounter SET last = last + %s WHERE prefix = %s RETURNING last", [count, prefix]
        )
        row = cursor.fetchone()
        if row is None:
            # The first number of the month: after those that older documents brought with them.
            highest = _highest(prefix)
            cursor.execute(
                "INSERT INTO enrollment_receiptcounter (prefix, last) VALUES (%s, %s) "
                "ON CONFLICT (prefix) DO UPDATE SET last = enrollment_receiptcounter.last + %s RETURNING last",
                [prefix, highest + count, count],
            )
            row = cursor.fetchone()
    return [f"{prefix}{number:04d}" for number in range(row[0] - count + 1, row[0] + 1)]


def _highest(prefix: str) -> int:
    given = ChangeReport.objects.filter(receipt_number__startswith=prefix).values_list("receipt_number", flat=True)
    numbers = [number.removeprefix(prefix) for number in given]
    population("receipts.of_month", len(numbers))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)

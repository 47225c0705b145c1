"""記号・番号: which one is free, giving it, giving another in its place."""

from __future__ import annotations

import re
from datetime import date

from django.db import connection
from django.db.models import Max, Q

from members.enrollment.actions.errors import UnableToChange
from members.enrollment.models import FormerNumber, Member
from members.enrollment.rules.numbers import order_of
from privacy.scope import population

_NUMBER = re.compile(r"[0-9]{1,8}")
LAST_BRANCH = 99


def hold_numbers(symbol: str) -> None:
    """Nobody else gives a number under this symbol until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"enrollment.number.{symbol}"])


def next_number(symbol: str) -> str:
    """The number after the highest ever given under a symbol."""
    highest = 0
    for model in (Member, FormerNumber):
        found = model.objects.filter(symbol=symbol).aggregate(highest=Max("number_order"))["highest"]
        highest = max(highest, found or 0)
    population("numbers.given", highest)
    return str(highest + 1)


def take_number(symbol: str, number: str) -> str:
    """`number` when nobody has or had it under the symbol, the next free one for "". Raises UnableToChange."""
    hold_numbers(symbol)
    if not number:
        return next_number(symbol)
    if not _NUMBER.fullmatch(number):
        raise UnableToChange("番号は8桁までの数字です。空けておくと、次の番号をつけます。")
    same = Q(symbol=symbol, number=number)
    if Member.objects.filter(same).exists() or FormerNumber.objects.filter(same).exists():
        raise UnableToChange(f"{symbol}-{number} は、ほかの加入者の番号です（前に使われた番号を含みます）。")
    return number


def next_branch(insured: Member) -> str:
    """枝番 after the highest ever given in the household; the insured person is 00."""
    same = Q(symbol=insured.symbol, number=insured.number)
    highest = 0
    for model in (Member, FormerNumber):
        found = model.objects.filter(same).aggregate(highest=Max("branch"))["highest"]
        highest = max(highest, int(found or 0))
    population("branches.given", highest)
    if highest >= LAST_BRANCH:
        raise UnableToChange("枝番が99まで使われています。新しい番号をつけてください。")
    return f"{highest + 1:02d}"


def renumber(member: Member, *, symbol: str, number: str, branch: str, day: date) -> None:
    """Another number from a day on; the one before is kept, since receipts still name it. The caller counts versions."""
    FormerNumber.objects.create(
        member=member,
        symbol=member.symbol,
        number=member.number,
        branch=member.branch,
        number_order=member.number_order,
        until_date=day,
    )
    member.symbol, member.number, member.branch = symbol, number, branch
    member.symbol_order, member.number_order = order_of(symbol), order_of(number)
    member.save(update_fields=["symbol", "number", "branch", "symbol_order", "number_order"])

"""Putting invented people into the database by COPY, as the owner. The history follows through the triggers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection

from members.enrollment.demo import names, people
from members.enrollment.models import (
    Address,
    ContactPoint,
    DependantPeriod,
    EligibilityPeriod,
    Employer,
    Member,
    NameToken,
    ProtectedAddress,
    ProtectedContact,
    Protection,
    ProtectionClerk,
)

BATCH = 5_000  # households a round of COPY

TABLES = (
    (Member, people.MEMBER, "members"),
    (EligibilityPeriod, people.ELIGIBILITY, "eligibility"),
    (DependantPeriod, people.DEPENDANT, "dependants"),
    (Address, people.ADDRESS, "addresses"),
    (ProtectedAddress, people.ADDRESS, "protected_addresses"),
    (ContactPoint, people.CONTACT, "contacts"),
    (ProtectedContact, people.CONTACT, "protected_contacts"),
    (Protection, people.PROTECTION, "protections"),
    (NameToken, people.TOKEN, "tokens"),
)


def make_employers(count: int) -> list[int]:
    """Invented employers: the named ones first, numbered branches after them."""
    made = []
    for place in range(count):
        name, kana, address = names.EMPLOYERS[place % len(names.EMPLOYERS)]
        if place >= len(names.EMPLOYERS):
            name = f"{name} {place // len(names.EMPLOYERS) + 1}"
        made.append(
            Employer(symbol=str(place + 1), number=f"{place + 1:05d}", name=name, kana=kana, address=address,
                     period=(date(2000, 4, 1), None))
        )  # fmt: skip
    return [e.pk for e in Employer.objects.bulk_create(made)]


def _copy(model: type, columns: list[str], rows: list[tuple]) -> None:
    if not rows:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"  # type: ignore[attr-defined]
        ) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def load(*, members: int, seed: int, today: date, say: Callable[[str], None] = lambda _s: None) -> int:
    """Make and store this many members (a few more, households are whole). Returns how many. Runs as the owner."""
    employers = make_employers(max(10, min(members // 300, 400)))
    maker = people.Maker(seed=seed, employers=employers, first_id=1, today=today)
    pending: dict[str, list[tuple]] = {attribute: [] for _m, _c, attribute in TABLES}
    for count, family in enumerate(maker.households(members), start=1):
        for _model, _columns, attribute in TABLES:
            pending[attribute].extend(getattr(family, attribute))
        if count % BATCH == 0:
            _flush(pending)
            say(f"{maker.made:,}名")
    _flush(pending)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('enrollment_member', 'id'), (SELECT max(id) FROM enrollment_member))"
        )
        cursor.execute("ANALYZE")
    return maker.made


def _flush(pending: dict[str, list[tuple]]) -> None:
    for model, columns, attribute in TABLES:
        _copy(model, columns, pending[attribute])
        pending[attribute].clear()


def name_clerk(user_id: int, today: date) -> int:
    """Name a clerk for every second protected member, so that both cases can be seen."""
    guarded = list(Member.objects.filter(protected=True, pk__gt=0).order_by("pk").values_list("pk", flat=True))[::2]
    ProtectionClerk.objects.bulk_create(
        ProtectionClerk(member_id=pk, user_id=user_id, named_date=today - timedelta(days=30)) for pk in guarded
    )
    return len(guarded)

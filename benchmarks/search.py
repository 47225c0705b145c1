"""Searches of the register behind the wall, against prepared SQL by hand; and a word inside no name against a hit."""

from contextlib import contextmanager

from benchmarks.measure import Way, compare, p95, report
from benchmarks.place import as_web, clerk

COLUMNS = "m.id, m.symbol, m.number, m.branch, m.family_name, m.given_name, m.kana_key, m.birth_date"
ORDER = "ORDER BY m.symbol_order, m.number_order, m.branch, m.id LIMIT 50"
BY_NUMBER = f"SELECT {COLUMNS} FROM enrollment_member m WHERE m.symbol = %s AND m.number = %s {ORDER}"
BY_NAME = f"""SELECT {COLUMNS} FROM enrollment_member m
    WHERE m.id IN (SELECT t.member_id FROM enrollment_nametoken t WHERE t.token LIKE %s) {ORDER}"""
BY_BIRTH = f"""SELECT {COLUMNS} FROM enrollment_member m WHERE m.birth_date = %s
    AND m.id IN (SELECT t.member_id FROM enrollment_nametoken t WHERE t.token LIKE %s) {ORDER}"""


def main() -> None:
    from django.db import connection

    from members.enrollment.activities import MEMBER_ADMINISTRATION
    from members.enrollment.models import Member
    from members.enrollment.queries import SORTS, matching
    from members.enrollment.search import understand
    from privacy.scope import scope

    someone = Member.objects.filter(protected=False).order_by("pk")[Member.objects.count() // 2]
    kana = someone.kana_key
    user = clerk()

    @contextmanager
    def inside():
        with as_web(), scope(MEMBER_ADMINISTRATION, user):
            yield

    def portal(text: str):
        return lambda: list(Member.objects.filter(matching(understand(text))).order_by(*SORTS["number"])[:50])

    def by_hand(statement: str, *values: object):
        def work() -> None:
            with connection.cursor() as cursor:
                cursor.cursor.execute(statement, values, prepare=True)
                cursor.cursor.fetchall()

        return work

    searches = {
        "search_number": (f"{someone.symbol}-{someone.number}", BY_NUMBER, (someone.symbol, someone.number)),
        "search_prefix": (kana, BY_NAME, (kana + "%",)),
        "search_birth_kana": (
            f"{someone.birth_date.isoformat()} {kana[:3]}", BY_BIRTH, (someone.birth_date, kana[:3] + "%"),
        ),
    }  # fmt: skip
    for name, (text, statement, values) in searches.items():
        hand, found = Way(by_hand(statement, *values), inside), Way(portal(text), inside)
        compare(hand, found, rounds=100)
        slow = p95(found)
        hits = Member.objects.filter(matching(understand(text))).count()
        report(
            name,
            hand,
            found,
            target="p95_ms < 5",
            reached=lambda _ratio, slow=slow: slow < 5,
            p95_ms=round(slow, 3),
            hits=hits,
        )
    hit, absent = Way(portal(kana), inside), Way(portal("ヌヌヰヱ"), inside)
    compare(hit, absent, rounds=100)
    report("search_absent", hit, absent, target="ratio <= 3", reached=lambda ratio: ratio <= 3)

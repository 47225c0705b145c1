"""What history costs: a save and an update of up to 10,000 rows with the trigger, against the same without it."""

from contextlib import contextmanager

from benchmarks.measure import Way, compare, report
from benchmarks.place import run_sql

TABLE = "enrollment_member"
ROWS = 10_000


@contextmanager
def bare():
    """The table without its triggers of history."""
    run_sql(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        run_sql(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")


def main() -> None:
    from django.db.models import F

    from members.enrollment.models import Member

    people = list(Member.objects.order_by("pk")[:200])
    turn = iter(range(10**9))

    def save() -> None:
        people[next(turn) % len(people)].save()

    without, with_history = Way(save, bare), Way(save)
    compare(without, with_history, rounds=300)
    report("history_save", without, with_history, target="ratio <= 1.05", reached=lambda ratio: ratio <= 1.05)

    ids = list(Member.objects.order_by("pk").values_list("pk", flat=True)[:ROWS])

    def update() -> None:
        Member.objects.filter(pk__lte=ids[-1]).update(version=F("version") + 1)

    @contextmanager
    def vacuumed():
        run_sql(f"VACUUM {TABLE}")
        yield

    @contextmanager
    def bare_vacuumed():
        run_sql(f"VACUUM {TABLE}")
        with bare():
            yield

    without, with_history = Way(update, bare_vacuumed), Way(update, vacuumed)
    compare(without, with_history, rounds=12, warm=1)
    report("history_update", without, with_history, target="ratio <= 4", reached=lambda ratio: ratio <= 4,
           rows=len(ids))  # fmt: skip

"""A CSV from the upload to the results: by the same road as an archive, read again after the map was put right."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from django.db import transaction

from health_programs.checkups.actions import archives, maps, tables
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.files.result_map import ItemColumn
from health_programs.checkups.models import ArchiveDocument, CheckupResult, ResultArchive, ResultMap, SubmittedIdentity
from health_programs.checkups.policies import UnableToMove
from tests.health_programs.checkups.conftest import TODAY
from tests.health_programs.checkups.csv_samples import HEADS, row_of, shape, table
from tests.reliability.conftest import small_or_long


@pytest.fixture
def people(a_member):
    return [a_member(str(n), sex="1") for n in range(1, 5)]


@pytest.fixture
def saved(doing, takahashi, offered):
    """saved(shape) → a map of the one institution; before: the version it follows."""
    _kind, place = offered

    def run(of=None, *, before: ResultMap | None = None, title: str = "健診システム"):
        return doing(
            CHECKUP_ADMINISTRATION, maps.save_map, by=takahashi, institution=place, title=title, shape=of or shape(),
            before=before,
        )  # fmt: skip

    return run


@pytest.fixture
def to_the_end(doing, takahashi, owner):
    """Read a received file as the job does → its row."""

    def run(made: ResultArchive, limit: int = 2) -> ResultArchive:
        position = None
        while made.state == "reading":
            with owner():
                row = ResultArchive.objects.get(pk=made.pk)

            def chunk(position=position, row=row):
                fresh = ResultArchive.objects.select_for_update(of=("self",)).get(pk=row.pk)
                return tables.read_lines(fresh, by_id=takahashi.pk, position=position, limit=limit)

            found = doing(CHECKUP_ADMINISTRATION, chunk)
            position = found.position
            if found.finished:
                break
        with owner():
            return ResultArchive.objects.get(pk=made.pk)

    return run


@pytest.fixture
def received(doing, takahashi, to_the_end):
    def run(body: bytes, by: ResultMap, name: str = "kekka.csv", **more) -> ResultArchive:
        made = doing(
            CHECKUP_ADMINISTRATION, tables.receive_table, by=takahashi, name=name, body=body, received_date=TODAY,
            result_map=by, **more,
        )  # fmt: skip
        return to_the_end(made)

    return run


def lines(pk: int) -> list[str]:
    return list(ArchiveDocument.objects.filter(archive=pk).order_by("number").values_list("outcome", flat=True))


def test_good_lines_become_results_and_bad_ones_say_why(people, saved, received, owner):
    body = table(
        row_of(people[0]),
        row_of(people[1], systolic="14O"),
        row_of(people[2], カナ氏名="チガウ ヒト"),
        row_of(people[0], number=9, weight="79"),
        row_of(people[3], number=4),
        row_of(people[3], number=4),
    )
    file = received(body, saved(), announced=7)
    assert (file.state, file.source, file.documents) == ("read", "csv", 6)
    assert file.counts == {"taken": 2, "failed": 1, "unmatched": 1, "double": 1, "same": 1}
    assert [what for _place, what, _remedy in file.notes] == ["件数は7件と書かれていますが、入っている行は6件です。"]
    with owner():
        assert lines(file.pk) == ["taken", "failed", "unmatched", "double", "taken", "same"]
        wrong = ArchiveDocument.objects.get(archive=file, outcome="failed")
        assert (wrong.number, wrong.problems[0][0]) == (3, "3行目　収縮期血圧(その他)")
        row = CheckupResult.objects.get(member=people[0], state="matched")
        assert (row.systolic, row.glucose_fasting, row.urine_protein, row.smoking, row.source) == (
            145,
            104,
            1,
            3,
            "csv",
        )
        assert bytes(file.content.body) == body


def test_the_same_file_is_taken_once_and_the_same_rows_once(people, saved, received, owner):
    by = saved()
    received(table(row_of(people[0])), by)
    with pytest.raises(UnableToMove, match="受け付け済み"):
        received(table(row_of(people[0])), by)
    again = received(table(row_of(people[0]), row_of(people[1])), by, name="again.csv")
    assert again.counts == {"same": 1, "taken": 1}
    with owner():
        assert CheckupResult.objects.count() == 2


def test_read_again_takes_only_what_was_wrong(people, saved, received, to_the_end, doing, takahashi, owner):
    first = saved()
    file = received(table(row_of(people[0]), row_of(people[1], urine_protein="微量"), row_of(people[2])), first)
    assert file.counts == {"taken": 2, "failed": 1}
    of = first.shape
    protein = next(one for one in of.items if one.item.key == "urine_protein")
    mended = ItemColumn(protein.code, protein.place, protein.head, "", {**protein.words, "微量": "2"})
    second = saved(shape(items=tuple(mended if one is protein else one for one in of.items)), before=first)
    assert (second.number, second.current) == (2, True)
    with pytest.raises(UnableToMove, match="使っていません"):
        doing(CHECKUP_ADMINISTRATION, tables.read_again, by=takahashi, archive_id=file.pk, result_map=old(first, owner))
    with owner():
        before = dict(ArchiveDocument.objects.values_list("number", "result_id"))
    again = to_the_end(
        doing(CHECKUP_ADMINISTRATION, tables.read_again, by=takahashi, archive_id=file.pk, result_map=second)
    )
    assert (again.state, again.counts, again.result_map_id) == ("read", {"taken": 3}, second.pk)
    with owner():
        after = dict(ArchiveDocument.objects.values_list("number", "result_id"))
        assert {n: after[n] for n in (2, 4)} == {n: before[n] for n in (2, 4)}
        assert CheckupResult.objects.get(member=people[1]).urine_protein == 2


def old(row: ResultMap, owner) -> ResultMap:
    with owner():
        return ResultMap.objects.get(pk=row.pk)


def test_a_file_the_map_does_not_fit_waits_for_the_map(people, saved, received, to_the_end, doing, takahashi, owner):
    first = saved()
    heads = tuple("収縮期" if one == "最高血圧" else one for one in HEADS)
    file = received(table(row_of(people[0]), heads=heads), first)
    assert file.state == "unreadable" and "10列目が「最高血圧」" in file.problem[0]
    with owner():
        assert not ArchiveDocument.objects.exists()
    second = saved(shape(heads=heads), before=first)
    again = to_the_end(
        doing(CHECKUP_ADMINISTRATION, tables.read_again, by=takahashi, archive_id=file.pk, result_map=second)
    )
    assert (again.state, again.counts, again.problem) == ("read", {"taken": 1}, [])


def test_versions_copies_and_maps_no_longer_used(saved, doing, takahashi, offered, owner):
    from health_programs.checkups.actions import offers

    def run(function, **given):
        return doing(CHECKUP_ADMINISTRATION, function, by=takahashi, **given)

    first = saved()
    saved(before=first)
    with pytest.raises(UnableToMove, match="第2版"):
        saved(before=first)
    with pytest.raises(UnableToMove, match="同じ名前"):
        saved()
    other = run(
        offers.save_institution, institution=None, code="1398765436", name="ひなた", postal_code="", address="",
        telephone="", active=True,
    )  # fmt: skip
    copy = run(maps.copy_map, source=first, institution=other, title="健診システム")
    assert (copy.number, copy.copied_from_id, copy.shape) == (1, first.pk, first.shape)
    ended = run(maps.set_use, map_id=copy.pk, use=False)
    assert not ended.current
    with owner():
        assert ResultMap.objects.filter(current=True).count() == 1


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"constants": {}}, "保険者番号"),
        ({"places": {"card": 1, "kana": 2, "birth_date": 3, "exam_date": 5}}, "性別"),
        ({"items": ()}, "検査項目の列が一つも"),
        ({"items": (shape().items[0], shape().items[0])}, "二つの列"),
    ],
)
def test_a_map_that_gives_no_result_is_refused(saved, changes, word):
    with pytest.raises(UnableToMove, match=word):
        saved(shape(**changes))


def test_archives_are_not_read_again(saved, doing, takahashi, people):
    made = doing(
        CHECKUP_ADMINISTRATION, archives.receive, by=takahashi, name="x.zip", body=b"PK no", received_date=TODAY
    )
    with pytest.raises(UnableToMove, match="CSVだけ"):
        doing(CHECKUP_ADMINISTRATION, tables.read_again, by=takahashi, archive_id=made.pk, result_map=saved())


# --- Broken bytes -----------------------------------------------------------------------------------------------------

QUICK, LONG = 300, 3000
PIECES = (b'"', b",", b"\r", b"\n", b"\x00", b"\xff", b"\x83", "〓".encode("cp932"), "漢".encode(), b"=1+1", b"\t" * 400,
          b"9" * 40, b"a" * 30_000, b"\x1b$B", b"-", b"1e9", b"2026/13/45")  # fmt: skip


def mutant(seed: int, body: bytes) -> bytes:
    """Bytes changed, put in, cut out, doubled, or the end lost: one to four times."""
    dice, found = random.Random(seed), bytearray(body)
    for _turn in range(dice.randint(1, 4)):
        at, length = dice.randrange(len(found) or 1), dice.randint(1, 60)
        match dice.randrange(5):
            case 0:
                found[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                found[at:at] = dice.choice(PIECES)
            case 2:
                del found[at : at + length]
            case 3:
                found[at:at] = found[at : at + length * 5]
            case _:
                if dice.random() < 0.3:
                    del found[at:]
    return bytes(found)


def test_broken_tables_become_lines(people, saved, doing, takahashi, owner):
    body = table(*(row_of(one, n) for n, one in enumerate(people[:3], start=1)))
    by = saved()
    bad, states = [], Counter()
    for seed in range(small_or_long(QUICK, LONG)):
        with transaction.atomic():
            try:
                bad += [f"{seed}: {one}" for one in wrong(mutant(seed, body), by, doing, takahashi, owner, states)]
            except UnableToMove as refused:
                states["refused"] += 1
                bad += [] if str(refused) else [f"{seed}: refused without a word"]
            transaction.set_rollback(True)
    assert not bad, "\n".join(bad)
    assert states["read"] > 50 and states["unreadable"] > 10, states


def wrong(body: bytes, by: ResultMap, doing, takahashi, owner, states: Counter):
    """What is wrong with how these bytes were taken in."""

    def whole():
        made = tables.receive_table(
            by=takahashi, name="k.csv", body=body, received_date=date(2026, 6, 20), result_map=by
        )
        position = None
        while made.state == "reading":
            found = tables.read_lines(made, by_id=takahashi.pk, position=position, limit=2)
            position = found.position
        return made.pk

    pk = doing(CHECKUP_ADMINISTRATION, whole)
    with owner():
        row = ResultArchive.objects.get(pk=pk)
        states[row.state] += 1
        staged = list(ArchiveDocument.objects.filter(archive=pk))
        if bytes(row.content.body) != body:
            yield "the bytes are not kept"
        if row.state == "unreadable" and not (len(row.problem) == 2 and all(row.problem)):
            yield f"no reason: {row.problem}"
        if len(staged) != (0 if row.state == "unreadable" else row.documents):
            yield f"{row.documents} rows, {len(staged)} lines"
        if CheckupResult.objects.count() != sum(one.result_id is not None for one in staged):
            yield "results without a line"
        if SubmittedIdentity.objects.count() != CheckupResult.objects.count():
            yield "results without who they were submitted for"
        for one in staged:
            if one.outcome in ("failed", "unmatched", "double") and not one.problems:
                yield "an outcome without a reason"
            for place, what, remedy in one.problems:
                if not (place and what and remedy) or "Error" in what:
                    yield f"unclear: {place} {what} {remedy}"

"""結果CSVの列の対応: saved as a new version, copied to another institution, no longer used."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from health_programs.checkups import policies
from health_programs.checkups.files.result_map import Shape
from health_programs.checkups.models import Institution, ResultMap
from health_programs.checkups.policies import UnableToMove


@transaction.atomic
def save_map(
    *, by: Any, institution: Institution, title: str, shape: Shape, note: str = "", before: ResultMap | None = None
) -> ResultMap:
    """A new map, or the next version of one (`before`), which is used from now on.

    Raises UnableToMove where the map cannot give a result, the name is taken, or somebody saved a version meanwhile.
    """
    policies.check_shape(shape)
    if before is not None:
        policies.check_newest(before, _newest(before))
        ResultMap.objects.filter(pk=before.pk).update(current=False)
        institution, title = before.institution, before.title
    return _save(
        ResultMap(
            institution=institution,
            title=title,
            number=before.number + 1 if before else 1,
            note=note,
            codec=shape.codec,
            delimiter=shape.delimiter,
            head_row=shape.head_row,
            heads=list(shape.heads),
            shape_stored=shape.stored(),
            saved_by_id=by.pk,
        )  # fmt: skip
    )


@transaction.atomic
def copy_map(*, by: Any, source: ResultMap, institution: Institution, title: str) -> ResultMap:
    """ほかの機関に写す: version 1 of the other institution's own map. Raises UnableToMove where the name is taken."""
    return _save(
        ResultMap(
            institution=institution,
            title=title,
            note=f"{source.institution.name}の第{source.number}版から",
            codec=source.codec,
            delimiter=source.delimiter,
            head_row=source.head_row,
            heads=source.heads,
            shape_stored=source.shape_stored,
            copied_from=source,
            saved_by_id=by.pk,
        )  # fmt: skip
    )


@transaction.atomic
def set_use(*, by: Any, map_id: int, use: bool) -> ResultMap:
    """使う・使わない: of the newest version of a map. Files read by it stay."""
    row = ResultMap.objects.select_for_update(of=("self",)).get(pk=map_id)
    policies.check_newest(row, _newest(row))
    row.current = use
    row.save(update_fields=["current"])
    return row


def _save(row: ResultMap) -> ResultMap:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UnableToMove("この機関に、同じ名前の列の対応があります。") from None
    return row


def _newest(row: ResultMap) -> ResultMap:
    versions = ResultMap.objects.select_for_update(of=("self",)).filter(institution=row.institution_id, title=row.title)
    found = versions.order_by("-number").first()
    assert found is not None
    return found

"""結果CSVの列の対応: the maps in use, one map, its versions."""

from __future__ import annotations

from health_programs.checkups.models import ResultMap


def maps(*, used: bool = True) -> list[ResultMap]:
    """The newest version of every map, by institution and name. used: leave out those no longer used."""
    rows = ResultMap.objects.select_related("institution").order_by("institution__code", "title", "-number")
    if used:
        return list(rows.filter(current=True))
    return list(rows.distinct("institution__code", "title"))


def map_of(pk: int) -> ResultMap | None:
    return ResultMap.objects.select_related("institution", "copied_from__institution").filter(pk=pk).first()


def versions_of(row: ResultMap) -> list[ResultMap]:
    """Every version of the same map, the newest first."""
    return list(ResultMap.objects.filter(institution=row.institution_id, title=row.title).order_by("-number"))

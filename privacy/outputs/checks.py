"""System checks of the door: a kind of file that could not be kept, or whose people could not be proven, does not start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from privacy.notice.register import Category
from privacy.outputs.kinds import file_kinds


@register()
def check_kinds(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """outputs.E001 shelf missing in `writes`, outputs.E002 opt-outs and suspensions out of reach."""
    found: list[CheckMessage] = []
    for kind in file_kinds().values():
        missing = set(kind.shelf.tables) - set(kind.activity.writes)
        if missing:
            found.append(
                Error(
                    f"ファイルの種類 {kind.name} の活動 {kind.activity.code} は、{'、'.join(sorted(missing))} に書けません。",
                    hint="活動の writes に *ELIGIBILITY_SHELF.tables（または自分の Shelf の tables）を加えます。",
                    id="outputs.E001",
                )
            )
        reads = kind.activity.reads
        out_of_reach = reads is not None and not {"outputs.OptOut", "outputs.Suspension"} <= set(reads)
        if Category.ELIGIBILITY_ADDRESS not in kind.activity.categories or out_of_reach:
            found.append(
                Error(
                    f"ファイルの種類 {kind.name} の活動 {kind.activity.code} では、申出と利用停止を確かめられません。",
                    hint="資格及び住所に関する情報を uses に加え、reads を絞るなら outputs.OptOut と outputs.Suspension を入れます。",
                    id="outputs.E002",
                )
            )
    return found

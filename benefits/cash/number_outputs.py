"""番号法の情報連携ファイル: one batch, through the door, to 支払基金, which runs the intermediate server for the association.

Everybody of the batch is in the file or it is not made. People under protection stay in it (番号法22条1項 knows no exception) with
不開示該当; who does not wish other uses is no exception either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benefits.cash.actions.number_act import FORMS, lines_said
from benefits.cash.activities import NUMBER_ACT_LINK, SHELF
from benefits.cash.enums import LinkBatchState, LinkContent
from benefits.cash.files.number_act import COLUMNS, write
from benefits.cash.models import LinkBatch
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import number_act as queries
from members.enrollment.queries import rosters
from privacy.outputs.enums import Basis, Encoding, FileFormat, RecipientKind, Removal
from privacy.outputs.kinds import Allowed, Column, Document, Order, Row, register_file

ENTRUSTED = "健康保険法205条の4第1項2号・3号（支払基金への委託）"
ARTICLES = {
    LinkContent.COPIES: f"番号法22条1項（利用特定個人情報の提供）・{ENTRUSTED}",
    LinkContent.INQUIRIES: f"番号法19条8号（情報提供の求め）・{ENTRUSTED}",
}
TITLES = {
    LinkContent.COPIES: "番号法による給付の情報の副本",
    LinkContent.INQUIRIES: "番号法による情報の照会",
}


def _batch(order: Order, content: LinkContent) -> LinkBatch | None:
    """The batch whose one file this order is; None for any other order, which then holds nobody."""
    batch = queries.batch_of(order["batch"] or 0)
    if batch is None or batch.content != content or batch.state == LinkBatchState.CANCELLED:
        return None
    return batch if batch.file_token is not None and batch.file_token == order["token"] else None


def _register(content: LinkContent) -> None:
    form = FORMS[content]
    columns = tuple(Column(column.code, column.title) for column in COLUMNS[form].columns)
    codes = tuple(column.code for column in columns)

    def people(order: Order) -> list[int]:
        batch = _batch(order, content)
        lines = list(queries.lines_of(batch)) if batch is not None else []
        return list(dict.fromkeys(line.member_id for line in lines))

    def rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
        batch = _batch(order, content)
        if batch is None:
            return
        lines, said = lines_said(batch)
        wanted = set(ids)
        for line in lines:
            if line.member_id in wanted and line.pk in said:
                also = {line.case.patient_id} - {line.member_id} if content == LinkContent.COPIES else set()
                yield Row(line.member_id, {code: said[line.pk].get(code, "") for code in codes}, also=tuple(also))

    def made(document: Document) -> bytes:
        """Raises UnableToProcess when it would not be what was collected."""
        batch = _batch(document.order, content)
        if batch is None:
            raise UnableToProcess("この回のファイルではありません。")
        count = len(list(queries.lines_of(batch)))
        if len(document.rows) != count:
            raise UnableToProcess(
                f"集めたのは{count:,}件ですが、書けるのは{len(document.rows):,}件です。集め直してください。"
            )
        values: list[dict[str, Any]] = sorted(
            (
                {code: str(value) for code, value in row.values.items() if value not in ("", None)}
                for row in document.rows
            ),
            key=lambda one: one["reference"],
        )
        return write(form, values, encoding="cp932" if document.order.encoding == Encoding.CP932 else "utf8")

    register_file(
        queries.FILES[content],
        TITLES[content],
        activity=NUMBER_ACT_LINK,
        columns=columns,
        recipients={
            RecipientKind.PAYMENT_FUND: Allowed(
                Basis.LAW, codes, article=ARTICLES[content], keeps=frozenset({Removal.PROTECTED, Removal.OPTED_OUT})
            )
        },
        parameters={"batch": int, "token": int},
        subjects=people,
        belongs=lambda order, ids: rosters.registered(ids),
        build=rows,
        formats={FileFormat.CSV: made},
        unit="件",
        shelf=SHELF,
        whole=True,
    )


for _content in LinkContent:
    _register(_content)

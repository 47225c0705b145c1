"""健診結果の登録ファイル: one batch, through the door, to 支払基金, which keeps it for the association.

The association entrusts the collecting and keeping of its results to 支払基金 (健康保険法205条の4第1項2号・3号). Everybody of the
batch is in the file or it is not made: who became protected or objected meanwhile makes the clerk collect anew, so that what
was sent is exactly what the batch says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from health_programs.checkups.actions.online_eligibility import still_said
from health_programs.checkups.activities import ONLINE_ELIGIBILITY_LINK, SHELF
from health_programs.checkups.enums import LinkBatchState
from health_programs.checkups.files.online_eligibility import COLUMNS, Form, write
from health_programs.checkups.models import LinkBatch
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import online_eligibility as queries
from members.enrollment.queries import rosters
from privacy.outputs.enums import Basis, Encoding, FileFormat, RecipientKind
from privacy.outputs.kinds import Allowed, Column, Document, Order, Row, register_file
from privacy.seen import population

ARTICLE = "健康保険法205条の4第1項2号・3号（支払基金への情報の収集・整理・利用・提供の委託）"
LINK_COLUMNS = tuple(Column(column.code, column.title) for column in COLUMNS[Form.RESULTS].columns)
CODES = tuple(column.code for column in LINK_COLUMNS)


def _batch(order: Order) -> LinkBatch | None:
    """The batch whose one file this order is; None for any other order, which then holds nobody."""
    batch = queries.batch_of(order["batch"] or 0)
    if batch is None or batch.state not in (LinkBatchState.COLLECTED, LinkBatchState.ASKED, LinkBatchState.SENT):
        return None
    return batch if batch.file_token is not None and batch.file_token == order["token"] else None


def _people(order: Order) -> list[int]:
    batch = _batch(order)
    if batch is None:
        return []
    found = list(queries.lines_of(batch.pk).values_list("member_id", flat=True))
    population("連携の1件", len(found))
    return list(dict.fromkeys(found))


def _rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    batch = _batch(order)
    if batch is None:
        return
    lines = list(queries.lines_of(batch.pk).filter(member_id__in=list(ids)))
    said = still_said(lines)
    for line in lines:
        if line.pk in said:
            yield Row(line.member_id, {code: said[line.pk].get(code, "") for code in CODES})


def results_csv(document: Document) -> bytes:
    """The bytes, by the one table of columns. Raises UnableToMove when they would not be what was collected."""
    batch = _batch(document.order)
    if batch is None:
        raise UnableToMove("この回のファイルではありません。")
    count = sum(queries.state_counts(batch.pk).values())
    if len(document.rows) != count:
        raise UnableToMove(f"集めたのは{count:,}件ですが、書けるのは{len(document.rows):,}件です。集め直してください。")
    rows: list[dict[str, Any]] = sorted(
        ({key: value for key, value in row.values.items() if value not in ("", None)} for row in document.rows),
        key=lambda values: str(values["reference"]),
    )
    narrow = document.order.encoding == Encoding.CP932
    return write(Form.RESULTS, rows, encoding="cp932" if narrow else "utf8").body


register_file(
    queries.FILE,
    "オンライン資格確認への健診結果の登録",
    activity=ONLINE_ELIGIBILITY_LINK,
    columns=LINK_COLUMNS,
    recipients={RecipientKind.PAYMENT_FUND: Allowed(Basis.LAW, CODES, article=ARTICLE)},
    parameters={"batch": int, "token": int},
    subjects=_people,
    belongs=lambda order, ids: rosters.registered(ids),
    build=_rows,
    formats={FileFormat.CSV: results_csv},
    unit="件",
    shelf=SHELF,
    whole=True,
)

"""受診券 on paper: both sides, each on a page, so that it can be printed on the two sides of one sheet.

What stands on it follows the national template of the 特定健康診査受診券 as institutions read it: 交付日, 整理番号 (11 digits),
氏名 (カナ), 性別, 生年月日, 有効期限, 健診内容 and 窓口での自己負担, 保険者 on the front; address and notes on the back. The
layout of the published form was not at hand; fields and order are from general knowledge of it.
"""

from __future__ import annotations

from typing import Any

from health_programs.checkups.letters.common import (
    ADDRESS_ITEMS,
    Values,
    document_data,
    text,
    wareki,
    window,
)
from kumiai.documents import render
from kumiai.ui.formats import format_number
from privacy.outputs.kinds import Document
from privacy.outputs.letters import frame_of

TEMPLATE = "checkups/voucher"
ITEMS = (
    *ADDRESS_ITEMS,
    ("voucher_number", "受診券整理番号"),
    ("name", "氏名"),
    ("kana", "氏名（カナ）"),
    ("sex", "性別"),
    ("birth_date", "生年月日"),
    ("issued_date", "交付日"),
    ("valid_until", "有効期限"),
    ("kind", "健診の種類"),
    ("copayment", "窓口での自己負担（円）"),
    ("card_number", "記号-番号-枝番"),
    ("insurer_number", "保険者番号"),
)
SEXES = {"1": "男", "2": "女"}


def spaced(number: str) -> str:
    """26100000001 as 26-1-00000001: year, kind and serial apart, easier to read aloud."""
    return f"{number[:2]}-{number[2]}-{number[3:]}" if len(number) == 11 else number


def voucher(values: Values) -> dict[str, Any]:
    """One voucher as the template reads it."""
    paid = values.get("copayment")
    return {
        "window": window(values),
        "number": text(values, "voucher_number"),
        "spaced": spaced(text(values, "voucher_number")),
        "name": text(values, "name"),
        "kana": text(values, "kana"),
        "sex": text(values, "sex"),
        "born": wareki(values, "birth_date"),
        "born_iso": text(values, "birth_date").replace("-", "."),
        "issued": wareki(values, "issued_date"),
        "until": wareki(values, "valid_until"),
        "kind": text(values, "kind"),
        "copayment": "" if paid is None else "負担なし" if paid in (0, "0") else f"{format_number(int(paid))}円",  # type: ignore[arg-type]
        "card_number": text(values, "card_number"),
        "insurer_number": text(values, "insurer_number"),
    }


def voucher_pdf(document: Document) -> bytes:
    """The vouchers of the door's rows, two pages each."""
    vouchers = (voucher(row.values) for row in document.rows)
    return render(TEMPLATE, document_data(vouchers, document), frame=frame_of(document))

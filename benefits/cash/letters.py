"""The words of the letters: 支給決定通知書, 不支給決定通知書, 返納通知書 and 支払の通知.

Pure: values in, words out. A refusal and every decision that gives less than was asked names the right to appeal (法189条);
a decision of payment does so as well, since its amount can be appealed against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from benefits.cash.rules.appeal import letter_sentences
from benefits.cash.rules.kinds import Kind
from kumiai.ui.formats import format_wareki

Values = Mapping[str, Any]
"""By item code: see the columns of benefits/cash/outputs.py."""

TITLES = {
    "grant": "支給決定通知書",
    "refuse": "不支給決定通知書",
    "recover": "返納通知書",
    "paid": "給付金の振込のお知らせ",
}


@dataclass(frozen=True)
class Letter:
    """One letter: title, sentences, facts, the working (label, figure, article), parts of a return, and the end."""

    title: str
    opening: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]
    steps: tuple[tuple[str, str, str], ...] = ()
    parts: tuple[tuple[str, str, str], ...] = ()
    appeal: tuple[str, ...] = field(default=())


def day(value: Any) -> str:
    """令和8年4月1日, from a date or its ISO text; "" without one."""
    return format_wareki(date.fromisoformat(value) if isinstance(value, str) else value) if value else ""


def yen(value: Any) -> str:
    return f"{int(value or 0):,}円"


def _facts(values: Values, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    kind = Kind(values["kind"])
    span = day(values["first"])
    if values["last"] != values["first"]:
        span += f"から{day(values['last'])}まで"
    found = (
        ("給付の種類", f"{kind.label}（{kind.article}）"),
        ("受付番号", str(values["case_number"])),
        ("対象の人", str(values.get("patient") or "")),
        ("請求の期間" if kind.daily else "事由の日", span),
        ("決定日", day(values["decided_date"])),
        *more,
    )
    return tuple(pair for pair in found if pair[1])


def notice(values: Values, steps: Any = (), parts: Any = ()) -> Letter:
    """The letter of a decision; steps: its working, parts: of a return. KeyError for an outcome that has no letter."""
    return {"grant": _grant, "refuse": _refuse, "recover": _recover}[values["outcome"]](values, steps, parts)


def _grant(values: Values, steps: Any, _parts: Any) -> Letter:
    extra, institution = int(values["extra"] or 0), int(values["to_institution"] or 0)
    more = [("支給する額", yen(values["due"]))]
    if extra:
        more.append(("うち付加金", yen(extra)))
    if institution:
        more.append(("医療機関等へ支払われる額", yen(institution)))
    if int(values["due"]) != int(values["amount"]):
        more.append(("今回お支払いする額", yen(values["amount"])))
    if values.get("reason"):
        more.append(("備考", str(values["reason"])))
    return Letter(
        f"{Kind(values['kind']).label}{TITLES['grant']}",
        ("申請のありました給付について、次のとおり支給することを決定しましたので、通知します。",),
        _facts(values, *more),
        ("給付金は、届け出のあった口座に振り込みます。振込の日は、決定の後の支払の回により異なります。",),
        tuple((row["label"], row["figure"], row["article"]) for row in steps),
        appeal=letter_sentences(),
    )


def _refuse(values: Values, _steps: Any, _parts: Any) -> Letter:
    return Letter(
        f"{Kind(values['kind']).label}{TITLES['refuse']}",
        ("申請のありました給付について、次の理由により支給しないことを決定しましたので、通知します。",),
        _facts(values, ("支給しない理由", str(values["reason"]))),
        (),
        appeal=letter_sentences(),
    )


def _recover(values: Values, steps: Any, parts: Any) -> Letter:
    return Letter(
        f"{Kind(values['kind']).label}{TITLES['recover']}",
        ("支給しました給付について、正しい額を超えて支払われていることが分かりましたので、次のとおり返納してください。",),
        _facts(values, ("正しい額", yen(values["due"])), ("返納していただく額", yen(values["amount"])), ("理由", str(values["reason"]))),
        ("納める日までに、同封の納付書で納めてください。一度に納めることが難しいときは、お早めにご相談ください。",),
        tuple((row["label"], row["figure"], row["article"]) for row in steps),
        tuple((f"第{part['number']}回", day(part["due"]), yen(part["amount"])) for part in parts),
        appeal=letter_sentences(),
    )  # fmt: skip


def payment_notice(values: Values) -> Letter:
    """給付金の振込のお知らせ: what was transferred and when."""
    return Letter(
        TITLES["paid"],
        ("次の給付金を、届け出のあった口座に振り込みましたので、お知らせします。",),
        _facts(values, ("振り込んだ額", yen(values["amount"])), ("振込日", day(values["paid_date"]))),
        ("額や口座にお心当たりのないときは、お問い合わせください。",),
    )

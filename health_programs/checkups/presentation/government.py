"""国への実績報告 in words: figures, reconciliations, what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from health_programs.checkups.enums import ReportState
from health_programs.checkups.measures import MEASURE
from health_programs.checkups.models import GovernmentReport
from health_programs.checkups.rules.government import Rate, deadline, rate_of

REPORT = {
    ReportState.COLLECTING: ("◐", "run"),
    ReportState.COLLECTED: ("▲", "care"),
    ReportState.APPROVED: ("◐", "run"),
    ReportState.WRITTEN: ("◐", "run"),
    ReportState.ACCEPTED: ("●", "good"),
    ReportState.RETURNED: ("▲", "bad"),
    ReportState.CANCELLED: ("○", "ended"),
}
OTHERS = {
    "urine_sugar": "尿糖", "urine_protein": "尿蛋白", "smoking": "喫煙", "medication_bp": "服薬（血圧）",
    "medication_glucose": "服薬（血糖）", "medication_lipid": "服薬（脂質）", "tg_fasting": "中性脂肪",
    "ldl": "LDLまたはNon-HDLコレステロール", "hba1c": "血糖（空腹時・HbA1c・随時のどれか）",
}  # fmt: skip
DRIFT = {"new": "新しく結果が届いた", "gone": "結果が取り下げられた", "other": "結果が入れ替わった・直された"}
DIFFERENCE = {"added": "新しく載せた", "removed": "載せなくなった", "changed": "結果が入れ替わった"}


def item_word(key: str) -> str:
    """A required item as the sheet calls it."""
    return OTHERS.get(key) or (MEASURE[key].label if key in MEASURE else key)


def figures(report: GovernmentReport, before: GovernmentReport | None) -> dict[str, Any]:
    """Denominator, examined, rate with its working, and the difference in points to the report of the year before."""
    rate = rate_of(report.counts)
    former = rate_of(before.counts) if before else None
    return {"rate": rate, "points": points(rate, former), "former": former}


def points(now: Rate, former: Rate | None) -> str:
    if former is None or former.percent is None or now.percent is None:
        return "前年度の報告がありません"
    change: Decimal = now.percent - former.percent
    return f"{change:+}ポイント" if change else "増減なし"


def days_left(year: int, today: date, *, done: bool) -> tuple[str, bool]:
    """How far the deadline is, and whether it needs care."""
    left = (deadline(year) - today).days
    if done:
        return "報告済み", False
    if left < 0:
        return f"{-left:,}日過ぎています", True
    return f"あと{left:,}日", left <= 30

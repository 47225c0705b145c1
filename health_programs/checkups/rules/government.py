"""国への実績報告: who is in the denominator as the state computes it, who counts as examined, and the rate.

高確法142条1項 has the insurer report 特定健康診査等の実施状況 to 支払基金 every year. How it is computed stands in the ministry's
手引き, which is not part of the statute: 加入 through the whole fiscal year, 年度末年齢 40 to 74, less those whom 告示3号 of
2008 excludes. Who reaches 75 in the year leaves on the birthday and so never was covered through the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from health_programs.checkups.rules.completeness import excused
from health_programs.checkups.rules.values import Step

YOUNGEST, OLDEST = 40, 74
PREGNANT = "pregnant"
INCOMPLETE, EXAMINED, NOT_EXAMINED = "incomplete", "examined", "not_examined"
EXCLUDED, PARTIAL_YEAR, OTHER_AGE = "excluded", "partial_year", "other_age"
DENOMINATOR = (EXAMINED, INCOMPLETE, NOT_EXAMINED)


@dataclass(frozen=True)
class Candidate:
    """What the rule looks at. missing: required items the sheet lacks; None where there is no result."""

    age: int
    all_year: bool
    exclusion: str = ""
    missing: Sequence[str] | None = None


@dataclass(frozen=True)
class Judged:
    """Where somebody stands, with the working."""

    standing: str
    steps: tuple[Step, ...]

    @property
    def counted(self) -> bool:
        """In the denominator."""
        return self.standing in DENOMINATOR


def judge(one: Candidate) -> Judged:
    """Exactly one standing for everybody.

    Who is excluded and was examined in full all the same is counted on both sides, as the targets' screen counts. In full
    is without 腹囲 for who is excluded as 妊産婦: it says nothing of visceral fat then, and may be left out.
    """
    of_age = YOUNGEST <= one.age <= OLDEST
    lacking = excused(one.missing or (), pregnant=one.exclusion == PREGNANT)
    examined, complete = one.missing is not None, one.missing is not None and not lacking
    steps = [Step(1, "年度末年齢が40歳から74歳", f"{one.age}歳", "該当" if of_age else "非該当")]
    if not of_age:
        return Judged(OTHER_AGE, tuple(steps))
    steps.append(Step(2, "4月1日から3月31日まで加入", "通して加入" if one.all_year else "途中から、または途中まで", "該当" if one.all_year else "非該当"))  # fmt: skip
    if not one.all_year:
        return Judged(PARTIAL_YEAR, tuple(steps))
    leaves = bool(one.exclusion) and not complete
    steps.append(Step(3, "告示で除かれる理由", "あり" if one.exclusion else "なし", "該当" if leaves else "非該当"))
    if leaves:
        return Judged(EXCLUDED, tuple(steps))
    forgiven = complete and bool(one.missing)
    whole = "妊産婦のため腹囲を除いてすべてあり" if forgiven else "すべてあり"
    figure = "結果なし" if not examined else whole if complete else f"{len(lacking)}項目が欠けている"
    steps.append(Step(4, "必須項目をすべて実施", figure, "該当" if complete else "非該当"))
    if complete:
        return Judged(EXAMINED, tuple(steps))
    return Judged(INCOMPLETE if examined else NOT_EXAMINED, tuple(steps))


@dataclass(frozen=True)
class Rate:
    """実施率 in per cent to one decimal, half up; None where nobody is in the denominator."""

    examined: int
    denominator: int

    @property
    def percent(self) -> Decimal | None:
        if not self.denominator:
            return None
        exact = Decimal(self.examined) * 100 / Decimal(self.denominator)
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def working(self) -> str:
        if self.percent is None:
            return "対象者がいないため、実施率はありません。"
        return f"{self.examined:,} ÷ {self.denominator:,} × 100 ＝ {self.percent}％（小数第2位を四捨五入）"


def rate_of(counts: Mapping[str, int]) -> Rate:
    """The rate of the counts of a report: standing → people."""
    return Rate(counts.get(EXAMINED, 0), sum(counts.get(one, 0) for one in DENOMINATOR))


def deadline(fiscal_year: int) -> date:
    """報告期限: 1 November of the year after (the ministry's 手引き; no statute names the day)."""
    return date(fiscal_year + 1, 11, 1)


@dataclass(frozen=True)
class Balance:
    """Two sides of a reconciliation that must be equal: the total and the parts it falls into."""

    label: str
    total: int
    parts: tuple[tuple[str, int], ...]

    @property
    def difference(self) -> int:
        return self.total - sum(count for _word, count in self.parts)


RESULT_PARTS = (
    ("results_in", "報告に載せた"),
    ("results_incomplete", "必須項目が欠けている"),
    ("results_not_counted", "対象者に数えない人の結果"),
    ("results_no_target", "対象者の名簿にない人の結果"),
    ("results_unmatched", "本人が未確認"),
    ("results_double", "重複受診で使わない"),
    ("results_withdrawn", "取り下げ"),
)


def balances(counts: Mapping[str, int], standings: Mapping[str, str]) -> tuple[Balance, ...]:
    """Register ↔ lines, and results of the year ↔ archive. standings: each standing → its word."""
    people = tuple((word, counts.get(code, 0)) for code, word in standings.items())
    results = tuple((word, counts.get(code, 0)) for code, word in RESULT_PARTS)
    return (
        Balance("対象者の名簿の人数", counts.get("people", 0), people),
        Balance("この年度の特定健診の結果", counts.get("results", 0), results),
    )

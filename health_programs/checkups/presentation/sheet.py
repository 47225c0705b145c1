"""結果票: one row an item: the value, where it lies, last year, and five years as a line. Figures only; drawn by templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from health_programs.checkups.measures import MEASURES, Measure
from health_programs.checkups.rules.referral import Flag, Range, flag, range_of

BAR = 204
LINE_WIDTH, LINE_HEIGHT = 116, 28
FLAG_WORDS = {Flag.NORMAL: "基準内", Flag.GUIDANCE: "保健指導", Flag.REFERRAL: "受診勧奨"}
STATE_WORDS = {
    "not_measured": "未実施",
    "refused": "測定不能・拒否",
    "below": "測定できる下限未満",
    "above": "測定できる上限超",
}
QUALITATIVE = {1: "−", 2: "±", 3: "+", 4: "++", 5: "+++"}
ANSWER_WORDS = {
    "urine_sugar": ("尿糖", QUALITATIVE),
    "urine_protein": ("尿蛋白", QUALITATIVE),
    "smoking": ("喫煙", {1: "吸う", 2: "以前は吸っていた", 3: "吸わない"}),
    "medication_bp": ("服薬（血圧）", {1: "あり", 2: "なし"}),
    "medication_glucose": ("服薬（血糖）", {1: "あり", 2: "なし"}),
    "medication_lipid": ("服薬（脂質）", {1: "あり", 2: "なし"}),
}


@dataclass(frozen=True)
class Segment:
    """One stretch of the bar. tone: normal, guidance or referral."""

    x: float
    width: float
    tone: str


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Point:
    """One year of the line. met: the value met 保健指導判定値 that year."""

    x: float
    y: float
    met: bool
    last: bool


@dataclass(frozen=True)
class Row:
    """One item of the sheet. said: why there is no number. before, change: last year's figure and the difference."""

    label: str
    unit: str
    value: str
    flag: str
    flag_word: str
    said: str = ""
    before: str = ""
    change: str = ""
    segments: tuple[Segment, ...] = ()
    ticks: tuple[Tick, ...] = ()
    mark: float | None = None
    points: tuple[Point, ...] = ()
    path: str = ""
    threshold_y: float | None = None
    years: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """One coded answer of the sheet."""

    label: str
    word: str


def figure(number: Decimal | None, digits: int) -> str:
    """A figure with the decimals it is reported with; never rounded away."""
    if number is None:
        return ""
    text = format(Decimal(number).normalize(), "f")
    have = len(text.partition(".")[2])
    return text if have >= digits else format(Decimal(text).quantize(Decimal(1).scaleb(-digits)), "f")


def rows_of(result: Any, earlier: Sequence[Any]) -> list[Row]:
    """The rows of one result; `earlier`: results of the years before, the latest first."""
    states = {one.get("key"): one.get("state", "") for one in result.observations}
    history = [*reversed(list(earlier)[:4]), result]
    found = []
    for measure in MEASURES:
        number = getattr(result, measure.key)
        state = states.get(measure.key, "")
        if number is None and not state:
            continue
        found.append(_row(measure, number, state, result, history))
    return found


def _row(measure: Measure, number: Decimal | None, state: str, result: Any, history: list[Any]) -> Row:
    limits = range_of(measure.key, result.sex)
    past = [(one.fiscal_year, getattr(one, measure.key)) for one in history]
    years = tuple((year, figure(value, measure.digits) or "―") for year, value in past)
    before = next((value for year, value in reversed(past[:-1]) if value is not None), None)
    said = STATE_WORDS.get(state, "")
    if number is None:
        return Row(measure.label, measure.unit, "", "none", "", said=said or "未実施", years=years)
    place = flag(measure.key, Decimal(number), result.sex)
    points, path, threshold = _line(measure, limits, past, result.sex)
    segments, ticks, mark = _bar(limits, Decimal(number)) if limits else ((), (), None)
    return Row(
        label=measure.label,
        unit=measure.unit,
        value=figure(number, measure.digits),
        flag=str(place) if limits else "none",
        flag_word=FLAG_WORDS[place] if limits else "",
        said=said,
        before=figure(before, measure.digits),
        change=_signed(Decimal(number) - before, measure.digits) if before is not None else "",
        segments=segments,
        ticks=ticks,
        mark=mark,
        points=points,
        path=path,
        threshold_y=threshold,
        years=years,
    )


def _signed(number: Decimal, digits: int) -> str:
    sign = "+" if number > 0 else "−" if number < 0 else "±"
    return sign + figure(abs(number), digits)


def _bar(limits: Range, number: Decimal) -> tuple[tuple[Segment, ...], tuple[Tick, ...], float]:
    """The bar of an item: from well inside the range to well over the threshold of referral, the value marked on it."""
    guidance = limits.guidance
    referral = limits.referral
    step = abs((referral or guidance * Decimal("1.18")) - guidance)
    if limits.down:
        low, high = (referral or guidance) - step * 2, guidance + step * 4
    else:
        low, high = guidance - step * 4, (referral or guidance + step) + step * 4

    def at(value: Decimal) -> float:
        share = (value - low) / (high - low)
        return round(float(max(Decimal(0), min(Decimal(1), share))) * BAR, 1)

    edges = sorted({guidance, *([referral] if referral is not None else [])})
    tones: tuple[str, ...] = ("referral", "guidance", "normal") if limits.down else ("normal", "guidance", "referral")
    if referral is None:
        tones = ("guidance", "normal") if limits.down else ("normal", "guidance")
    places = [0.0, *(at(edge) for edge in edges), float(BAR)]
    segments = tuple(
        Segment(start, round(end - start, 1), tone) for start, end, tone in zip(places, places[1:], tones, strict=False)
    )
    ticks = tuple(Tick(at(edge), figure(edge, 0)) for edge in edges)
    return segments, ticks, at(number)


def _line(measure: Measure, limits: Range | None, past: list[tuple[int, Any]], sex: str) -> tuple[tuple[Point, ...], str, float | None]:  # fmt: skip
    """Five years as points of a line, with the threshold across it."""
    known = [(place, Decimal(value)) for place, (_year, value) in enumerate(past) if value is not None]
    if len(known) < 2:
        return (), "", None
    figures = [value for _place, value in known] + ([limits.guidance] if limits else [])
    low, high = min(figures), max(figures)
    spread = (high - low) or Decimal(1)

    def y(value: Decimal) -> float:
        return round(6 + float((high - value) / spread) * (LINE_HEIGHT - 12), 1)

    def x(place: int) -> float:
        return round(6 + place * (LINE_WIDTH - 12) / max(1, len(past) - 1), 1)

    last = known[-1][0]
    points = tuple(
        Point(x(place), y(value), flag(measure.key, value, sex) != Flag.NORMAL, place == last) for place, value in known
    )
    path = "M" + " L".join(f"{point.x} {point.y}" for point in points)
    return points, path, y(limits.guidance) if limits else None


def figures_over(result: Any) -> list[tuple[str, str, str]]:
    """(item, figure with unit, flag) of every value that meets a threshold, in the order of the sheet."""
    found = []
    for measure in MEASURES:
        number = getattr(result, measure.key)
        place = flag(measure.key, Decimal(number), result.sex) if number is not None else Flag.NORMAL
        if place != Flag.NORMAL:
            found.append((measure.label, f"{figure(number, measure.digits)}{measure.unit}", str(place)))
    return found


def answers_of(result: Any) -> list[Answer]:
    """The coded answers of the sheet that rules read."""
    found = []
    for key, (label, words) in ANSWER_WORDS.items():
        code = getattr(result, key)
        if code is not None:
            found.append(Answer(label, words.get(code, str(code))))
    return found


def others_of(result: Any) -> list[Answer]:
    """Every other item as submitted: its name, and the figure, code or words."""
    shown = {measure.key for measure in MEASURES} | set(ANSWER_WORDS)
    found = []
    for one in result.observations:
        if one.get("key") in shown:
            continue
        said = STATE_WORDS.get(one.get("state", ""), "")
        word = one.get("value") or one.get("text") or one.get("coded") or ""
        unit = one.get("unit", "")
        found.append(Answer(one.get("name") or one["code"], said or f"{word} {unit}".strip()))
    return found


def percent(part: int, whole: int) -> str:
    """A share to one decimal, half up; ― where there is no whole."""
    if not whole:
        return "―"
    return format((Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP), "f")

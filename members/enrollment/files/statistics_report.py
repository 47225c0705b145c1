"""加入者の統計 as a file: one row a number (表, 行, 列, 数), and a PDF with the same tables and the pyramid drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kumiai.documents import Frame, render
from kumiai.ui.formats import era_year, format_number, format_wareki
from members.enrollment.files.common import Value, Values, text
from members.enrollment.statistics import DEPENDANT, INSURED, Band, Statistics

TEMPLATE = "enrollment/statistics_report"
ITEMS = (("table", "表"), ("row", "行"), ("column", "列"), ("value", "数"))
SUMMARY, AGES, MONTHS = "加入者数", "年齢と性別", "月末の人数"
ACQUIRED, LOST, FAMILY, EMPLOYERS = "資格取得の理由", "資格喪失の理由", "被扶養者の認定と削除", "事業所ごと"

Number = tuple[str, str, str, Value]


def numbers(found: Statistics) -> list[Number]:
    """Every number of the statistics, in the order of the tables. Averages and 扶養率 are text with their decimals."""
    return [*_summary(found), *_ages(found), *_months(found), *_movements(found), *_employers(found)]


def _summary(found: Statistics) -> Iterable[Number]:
    on = f"{format_wareki(found.on)}現在"
    yield SUMMARY, on, "被保険者", found.now.insured
    yield SUMMARY, on, "うち任意継続", found.now.voluntary
    yield SUMMARY, on, "被扶養者", found.now.dependants
    yield SUMMARY, on, "合計", found.now.total
    yield SUMMARY, on, "扶養率", _decimal(found.dependant_rate, 2)
    yield SUMMARY, on, "平均年齢（被保険者）", _decimal(found.average_ages[INSURED], 1)
    yield SUMMARY, on, "平均年齢（被扶養者）", _decimal(found.average_ages[DEPENDANT], 1)


def _decimal(value: float | None, places: int) -> str:
    return "―" if value is None else f"{value:.{places}f}"


def _ages(found: Statistics) -> Iterable[Number]:
    for band in reversed(found.bands):
        yield AGES, band.label, "被保険者 男", band.insured_men
        yield AGES, band.label, "被保険者 女", band.insured_women
        yield AGES, band.label, "被扶養者 男", band.dependant_men
        yield AGES, band.label, "被扶養者 女", band.dependant_women
        yield AGES, band.label, "合計", band.total


def _months(found: Statistics) -> Iterable[Number]:
    for month in found.months:
        day = format_wareki(month.day)
        yield MONTHS, day, "被保険者", month.insured
        yield MONTHS, day, "うち任意継続", month.voluntary
        yield MONTHS, day, "被扶養者", month.dependants
        yield MONTHS, day, "合計", month.total


def _movements(found: Statistics) -> Iterable[Number]:
    for table, rows in ((ACQUIRED, found.acquisitions), (LOST, found.losses)):
        for row in rows:
            yield table, row.label, "人数", row.count
    yield FAMILY, "認定", "人数", found.certifications
    for row in found.removals:
        yield FAMILY, f"削除　{row.label}", "人数", row.count


def _employers(found: Statistics) -> Iterable[Number]:
    for line in found.employers:
        name = f"{line.symbol}　{line.name}" if line.name else "任意継続（事業所なし）"
        yield EMPLOYERS, name, "被保険者", line.insured
        yield EMPLOYERS, name, "被扶養者", line.dependants
        yield EMPLOYERS, name, "合計", line.total
        yield EMPLOYERS, name, "資格取得", line.acquired
        yield EMPLOYERS, name, "資格喪失", line.lost


def bands_of(rows: Sequence[Values]) -> list[Band]:
    """The age bands again, from the youngest, out of the rows of a file: the PDF draws what its tables say."""
    bands: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.get("table") == AGES:
            bands.setdefault(text(row.get("row")), {})[text(row.get("column"))] = int(text(row.get("value")) or 0)
    made = [
        Band(
            first=int("".join(filter(str.isdigit, label.split("～")[0]))),
            last=None if label.endswith("以上") else int("".join(filter(str.isdigit, label.split("～")[1]))),
            insured_men=counts.get("被保険者 男", 0),
            insured_women=counts.get("被保険者 女", 0),
            dependant_men=counts.get("被扶養者 男", 0),
            dependant_women=counts.get("被扶養者 女", 0),
        )
        for label, counts in bands.items()
    ]
    return sorted(made, key=lambda band: band.first)


def report_data(rows: Sequence[Values], *, year: int, left_out: int, picture: str) -> dict[str, Any]:
    """What the template reads. picture: the pyramid as SVG. left_out: people who are in no number."""
    tables: dict[str, dict[str, dict[str, Value]]] = {}
    for row in rows:
        table = tables.setdefault(text(row.get("table")), {})
        table.setdefault(text(row.get("row")), {})[text(row.get("column"))] = row.get("value")
    return {
        "year": f"{era_year(year, long=True)}年度",
        "left_out": format_number(left_out),
        "picture": picture,
        "ages": AGES,
        "tables": [_table(title, lines) for title, lines in tables.items()],
    }


def _table(title: str, lines: dict[str, dict[str, Value]]) -> dict[str, Any]:
    columns = list(dict.fromkeys(column for cells in lines.values() for column in cells))
    return {
        "title": title,
        "heads": ["", *columns],
        "lines": [[label, *(_figure(cells.get(column)) for column in columns)] for label, cells in lines.items()],
    }


def _figure(value: Value) -> str:
    return format_number(value) if isinstance(value, int) else text(value)


def report_pdf(rows: Sequence[Values], *, year: int, left_out: int, picture: str, frame: Frame) -> bytes:
    """The statistics as A4 portrait, the pyramid beside its table."""
    return render(TEMPLATE, report_data(rows, year=year, left_out=left_out, picture=picture), frame=frame)

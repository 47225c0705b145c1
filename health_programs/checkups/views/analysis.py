"""健診結果の分析: the whole, one item, the employers. Nobody's row is shown; what few people share is not told.

Addresses hold years, codes and ids of companies.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.activities import CHECKUP_ANALYSIS
from health_programs.checkups.measures import MEASURE, MEASURES
from health_programs.checkups.presentation import analysis as drawn
from health_programs.checkups.queries import analysis as queries
from health_programs.checkups.rules import analysis as rules
from health_programs.checkups.rules.overlap import BESIDE, HOLDERS
from health_programs.checkups.rules.publication import (
    ANY,
    BY_KEY,
    EVERYBODY,
    OVER,
    RISKS,
    Chosen,
    Measured,
    Sums,
    Tables,
    Year,
    shown,
    tables,
)
from health_programs.checkups.rules.suppression import adjacent
from health_programs.checkups.rules.values import plain
from kumiai.ui.formats import era_year, fiscal_year

SEX_WORDS = {"1": "男", "2": "女"}
FIRST_YEAR = 2008
"""特定健診 began on 1 April 2008."""


def _of(request: HttpRequest, name: str, allowed: Iterable[str], what: str) -> str:
    """A choice in the address; nothing where it is empty."""
    given = request.GET.get(name, "")
    if given and given not in set(allowed):
        raise Http404(f"この{what}はありません。")
    return given


def _year(request: HttpRequest) -> int:
    given = request.GET.get("year", "")
    running = fiscal_year(timezone.localdate())
    if not given:
        return queries.latest_year(running)
    if not (given.isascii() and given.isdigit() and FIRST_YEAR <= int(given[:5]) <= running):
        raise Http404("この年度の分析はありません。")
    return int(given)


def _years_offered(year: int) -> list[tuple[int, str]]:
    running = fiscal_year(timezone.localdate())
    offered = sorted({*range(running, max(FIRST_YEAR, running - 9) - 1, -1), year}, reverse=True)
    return [(one, f"{era_year(one, long=True)}年度") for one in offered]


class _Analysis(View):
    """What the three screens share."""

    activity = CHECKUP_ANALYSIS
    here = ""

    def link(self, **changes: Any) -> str:
        """This screen with the conditions as they are, some changed or left out."""
        conditions = {key: value for key, value in (self.conditions | changes).items() if value not in ("", None)}
        return self.request.path + ("?" + urlencode(conditions) if conditions else "")

    def chips(self, words: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
        return [
            {"label": label, "value": value, "url": self.link(**{key: ""})}
            for key, (label, value) in words.items()
            if value
        ]

    def page(self, context: dict[str, Any]) -> HttpResponse:
        kept = {key: self.conditions.get(key) for key in ("year", "sex")}
        query = "?" + urlencode({key: value for key, value in kept.items() if value})
        tabs = [
            ("analysis", "全体", []),
            ("analysis-item", "項目ごと", ["systolic"]),
            ("analysis-employers", "事業所ごと", []),
        ]
        context |= {
            "tabs": [
                {"label": label, "url": reverse(f"checkups:{name}", args=args) + query, "current": name == self.here}
                for name, label, args in tabs
            ],
            "conditions": self.conditions,
            "years": _years_offered(self.conditions["year"]),
            "sexes": SEX_WORDS.items(),
            "sex_word": SEX_WORDS.get(self.conditions["sex"], ""),
            "cleared": self.request.path + f"?year={self.conditions['year']}",
            "printed_at": timezone.localtime(),
        }
        return TemplateResponse(self.request, f"health_programs/checkups/{self.template}.html", context)

    template = ""
    conditions: dict[str, Any]


class AnalysisOverview(_Analysis):
    """全体: metabolic syndrome over five years, risks, by age and by sex."""

    here = "analysis"
    template = "analysis"

    def get(self, request: HttpRequest) -> HttpResponse:
        names = queries.employer_names()
        employer = _of(request, "employer", (str(pk) for pk in names), "事業所")
        band = _of(request, "age", rules.BAND, "年齢")
        sex = _of(request, "sex", SEX_WORDS, "性別")
        both = bool(employer and band)
        self.conditions = {"year": _year(request), "sex": sex, "age": "" if both else band, "employer": employer}
        year = self.conditions["year"]
        chosen = Chosen(sex, self.conditions["age"], int(employer) if employer else None)
        found = queries.years(year - queries.YEARS + 1, year)
        now = found[year]
        lines = drawn.year_lines(found, chosen)
        shown_years = sorted(found)
        sex_lines = _sex_lines(now, chosen) if not sex else []
        context = {
            "count": now.count(chosen),
            "last": lines[-1],
            "lines": lines,
            "trend": drawn.trend(
                shown_years,
                [
                    ("some", "合わせて", [line.some.percent for line in lines]),
                    ("yes", "該当", [line.yes.percent for line in lines]),
                    ("near", "予備群", [line.near.percent for line in lines]),
                ],
            ),
            "risks": drawn.risk_lines(now, found[year - 1], chosen),
            "risk_words": RISKS,
            "bands": _band_lines(now, sex) if chosen.employer is None and not chosen.band else [],
            "sex_lines": sex_lines,
            "sexes_told": any(line.people is not None for line in sex_lines),
            "chips": self.chips(
                {
                    "sex": ("性別", SEX_WORDS.get(sex, "")),
                    "age": ("年齢", rules.BAND[chosen.band].label if chosen.band else ""),
                    "employer": ("事業所", names[chosen.employer] if chosen.employer is not None else ""),
                }
            ),
            "both": both,
            "compared": bool(sex or chosen.band or chosen.employer is not None),
            "ages": rules.BANDS,
            "employers": names.items(),
            "items": MEASURES,
            "bar": drawn.BAR,
        }
        return self.page(context)


def _band_lines(now: Year, sex: str) -> list[drawn.GroupLine]:
    """年齢5歳ごと, of one sex where it is chosen, then the ages that are told together."""

    def whole(key: str) -> Any:
        return now.told(key, Chosen(sex))

    found = []
    for band in rules.BANDS:
        chosen = Chosen(sex, band.key)
        people = now.count(chosen)
        if people != 0:
            found.append(drawn.group_line(band.label, people, lambda key, c=chosen: now.told(key, c), whole))
    groups: dict[tuple[str, ...], dict[str, Any]] = {}
    for key in BY_KEY:
        for group in now.release(key, "band", sex).shared:
            groups.setdefault(group.rows, {})[key] = shown(key, group.cells)
    for rows, cells in sorted(groups.items(), key=lambda one: (rules.BAND[one[0][0]].first, len(one[0]))):
        people = sum(next(iter(cells.values())).values())
        found.append(drawn.group_line(rules.band_words(rows), people, cells.get, whole, joint=True))
    return found


def _sex_lines(now: Year, chosen: Chosen) -> list[drawn.GroupLine]:
    """男 and 女 of the chosen people."""
    found = []
    for sex, word in SEX_WORDS.items():
        one = Chosen(sex, chosen.band, chosen.employer)
        people = now.count(one)
        if people != 0:
            found.append(
                drawn.group_line(word, people, lambda key, c=one: now.told(key, c), lambda key: now.told(key, chosen))
            )
    return found


class AnalysisEmployers(_Analysis):
    """事業所ごと: every company's shares beside those of everybody."""

    here = "analysis-employers"
    template = "analysis_employers"

    def get(self, request: HttpRequest) -> HttpResponse:
        sex = _of(request, "sex", SEX_WORDS, "性別")
        sort = _of(request, "sort", (ANY.key, *(one.key for one in RISKS)), "並べ方")
        self.conditions = {"year": _year(request), "sex": sex, "sort": sort}
        now = queries.years(self.conditions["year"], self.conditions["year"])[self.conditions["year"]]
        names = queries.employer_names()

        def whole(key: str) -> Any:
            return now.told(key, Chosen(sex))

        lines = []
        for pk, name in names.items():
            chosen = Chosen(sex, employer=pk)
            people = now.count(chosen)
            if people != 0:
                line = drawn.group_line(name, people, lambda key, c=chosen: now.told(key, c), whole)
                lines.append((pk, line))
        if sort:
            place = next((number for number, one in enumerate(RISKS) if one.key == sort), None)
            lines.sort(key=lambda one: _rank(one[1].some if place is None else one[1].risks[place]))
        together = {key: release.shared[0] for key in BY_KEY if (release := now.release(key, "employer", sex)).shared}
        context = {
            "lines": lines,
            "whole": drawn.group_line("全体", now.count(Chosen(sex)), whole, lambda key: None),
            "together": drawn.group_line(
                "", None, lambda key: shown(key, together[key].cells) if key in together else None, whole, joint=True
            )
            if together
            else None,
            "nobody": now.count(Chosen()) == 0,
            "risk_words": RISKS,
            "heads": [(one, self.link(sort=one.key), sort == one.key) for one in (ANY, *RISKS)],
            "chips": self.chips({"sex": ("性別", SEX_WORDS.get(sex, ""))}),
            "unsorted": self.link(sort=""),
        }
        return self.page(context)


def _rank(figure: drawn.Figure) -> tuple[bool, Any]:
    """Highest first, what is not told last."""
    return (figure.percent is None, -(figure.percent or 0))


class AnalysisItem(_Analysis):
    """項目ごと: the distribution of one item, its middle and share over five years, its share by age."""

    here = "analysis-item"
    template = "analysis_item"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        measure = MEASURE.get(key)
        if measure is None:
            raise Http404("この項目はありません。")
        sex = _of(request, "sex", SEX_WORDS, "性別")
        self.conditions = {"year": _year(request), "sex": sex}
        year = self.conditions["year"]
        found = queries.item(key, year - queries.YEARS + 1, year)
        told = {one: _tables(found, one, key) for one in range(year - queries.YEARS + 1, year + 1)}
        people, over = told[year]
        apart = over.whole is not None
        division = rules.distribution(
            key,
            found.places.get(year, {}),
            sex=sex,
            sexes_told=_sexes_told(people, over),
            told_apart=apart,
            held=found.held.get(year) if key in HOLDERS and year not in found.same else None,
        )
        lines = _item_years(key, sex, found, told, measure.digits)
        limits = rules.limits(key)
        context = {
            "measure": measure,
            "measures": MEASURES,
            "columns": drawn.columns(key, rules.SCALES[key], division, sex) if division else None,
            "by_sex_only": rules.by_sex_only(key),
            "limits": [
                (SEX_WORDS[one] if rules.by_sex_only(key) else "", plain(limit.guidance), limit)
                for one, limit in limits.items()
                if rules.by_sex_only(key) or one == "1"
            ],
            "lines": lines,
            "trend": drawn.trend(
                sorted(told), [("yes", "平均", [line["mean"] for line in lines])], unit=measure.unit, zero=False
            ),
            "share_trend": drawn.trend(sorted(told), [("yes", "割合", [line["over"].percent for line in lines])])
            if limits
            else None,
            "bands": _item_bands(found, people, measure.digits) if not sex else [],
            "chips": self.chips({"sex": ("性別", SEX_WORDS.get(sex, ""))}),
            "links": [(SEX_WORDS[one], self.link(sex=one)) for one in SEX_WORDS],
            "bar": drawn.BAR,
        }
        return self.page(context)


def _tables(found: queries.Item, year: int, key: str) -> tuple[Tables, Tables]:
    """The numbers of people of a year, and those who meet the threshold."""
    sums = Sums(found.lines.get(year, []))
    inside = key in HOLDERS and HOLDERS[key].threshold and year not in found.same
    measured = Measured(key, MEASURE[key].label, (OVER,), also=(BESIDE,) if inside else ())
    people = tables(sums, Measured("people", "", ()), queries.BAND_KEYS, employers=False)
    return people, tables(sums, measured, (), people, employers=False)


def _sexes_told(people: Tables, over: Tables) -> bool:
    """The sexes are told apart where the threshold can be told of each, or where it is told of nobody."""
    return over.sexes_told if over.whole is not None else people.sexes_told


def _item_years(
    key: str, sex: str, found: queries.Item, told: dict[int, tuple[Tables, Tables]], digits: int
) -> list[dict[str, Any]]:
    """Each year: people, mean, quarters, and the share that meets the threshold with its change."""
    lines: list[dict[str, Any]] = []
    for year, (people, over) in sorted(told.items()):
        may_tell = _sexes_told(people, over) if sex else people.whole is not None
        cells = people.by_sex.cells(sex) if sex else people.whole
        middle = found.middles.get((year, sex))
        told_middle = middle is not None and may_tell and middle.measured >= rules.FLOOR
        figure = drawn.figure(over.by_sex.cells(sex) if sex else over.whole, OVER)
        if lines:
            figure = drawn.since(figure, lines[-1]["over"])
        mean = rules.rounded(middle.mean, digits) if middle is not None and told_middle else None
        quarters: list[Any] = [None] * len(rules.QUARTERS)
        if middle is not None and told_middle:
            quarters = [
                value if rules.quantile_may_be_told(part, middle.measured) else None
                for part, value in zip(rules.QUARTERS, middle.quarters, strict=True)
            ]
        before = lines[-1]["mean"] if lines else None
        lines.append(
            {
                "year": year,
                "people": cells[EVERYBODY] if cells is not None else None,
                "nobody": not found.lines.get(year),
                "mean": mean,
                "mean_change": drawn.signed(rules.change(mean, before)),
                "quarters": [drawn.plain_figure(value, digits) for value in quarters],
                "over": figure,
            }
        )
    return lines


def _item_bands(found: queries.Item, people: Tables, digits: int) -> list[dict[str, Any]]:
    """The mean by age; ages in which fewer than ten people were measured share it with their neighbours."""
    rows = [(band.key, {EVERYBODY: found.bands.get(band.key, (0, 0))[0]}) for band in rules.BANDS]
    told = adjacent(rows, classes=(EVERYBODY,), within=[group.rows for group in people.by_band.shared])
    lines = []
    for group in told.groups if people.whole is not None else ():
        added = sum((found.bands[band][1] for band in group.rows), Decimal(0))
        mean = rules.rounded(added / group.people, digits)
        lines.append({"label": rules.band_words(group.rows), "mean": mean, "joint": not group.alone})
    return lines

"""What stands against a case, or is to be looked at, before it is computed: days, documents that contradict each other, law.

Pure: the days and flags come in, findings go out. Duplicates and 併給 are in their own modules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from benefits.cash.rules.findings import Effect, Finding, stretches
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.limitation import last_claim_day
from members.lifecycle.rules.terms import Closed

DAY = timedelta(days=1)
Stretch = tuple[date, date]


@dataclass(frozen=True)
class Asked:
    """A case as the checks see it. insured: stretches [first, last] in which the person was insured (not 任意継続).

    opinion, certified: stretches the physician and the employer speak of; None where the kind does not ask them.
    able_from: the day from which a physician, asked, holds the person able to work.
    doubted: what the adviser said where they do not hold the whole period for one of inability to work.
    worked: days that the employer certifies as worked.
    differing: days of which two certificates say different things, with the words of both.
    """

    kind: Kind
    first: date
    last: date
    received: date
    insured: tuple[Stretch, ...] = ()
    opinion: tuple[Stretch, ...] | None = None
    certified: tuple[Stretch, ...] | None = None
    protected: bool = False
    third_party: bool = False
    pensions_known: bool = True
    differing: tuple[tuple[date, str], ...] = ()
    able_from: date | None = None
    doubted: tuple[str, ...] = ()
    worked: tuple[date, ...] = ()


def days_in(first: date, last: date) -> list[date]:
    return [first + DAY * index for index in range((last - first).days + 1)]


def outside(first: date, last: date, spans: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The days from first to last that lie in none of the stretches, as stretches themselves."""
    rows = tuple(spans)
    return stretches(day for day in days_in(first, last) if not any(a <= day <= b for a, b in rows))


def check(asked: Asked, closed: Closed | None = None) -> tuple[Finding, ...]:
    """What a clerk has to look at, in the order of the days."""
    found: list[Finding] = []

    def add(code: str, effect: Effect, sentence: str, article: str, first: date, last: date) -> None:
        found.append(Finding(code, effect, sentence, article, first, last))

    if asked.kind.daily:
        article = asked.kind.article
        for first, last in outside(asked.first, asked.last, asked.insured):
            add(
                "not_insured", Effect.CONFIRM,
                f"{_span(first, last)}は、被保険者でない日です。資格喪失後の継続給付に当たるかを確かめてください。", "法104条",
                first, last,
            )  # fmt: skip
        if asked.opinion is not None:
            for first, last in outside(asked.first, asked.last, asked.opinion):
                add(
                    "no_opinion", Effect.CONFIRM,
                    f"{_span(first, last)}は、療養担当者が労務不能と認めた期間に入っていません。", "則84条2項1号", first, last,
                )  # fmt: skip
        if asked.certified is not None:
            for first, last in outside(asked.first, asked.last, asked.certified):
                add(
                    "no_certificate", Effect.CONFIRM,
                    f"{_span(first, last)}は、事業主の証明がありません。", article, first, last,
                )  # fmt: skip
        if asked.able_from is not None and asked.able_from <= asked.last:
            first = max(asked.able_from, asked.first)
            add(
                "able", Effect.CONFIRM,
                f"照会の回答では、{asked.able_from.isoformat()} から労務可能とされています。", "法99条1項", first, asked.last,
            )  # fmt: skip
        for words in asked.doubted:
            add(
                "doubted", Effect.CONFIRM, f"顧問医の意見は「{words}」です。支給する日を確かめてください。", "法99条1項",
                asked.first, asked.last,
            )  # fmt: skip
        for first, last in stretches(day for day in asked.worked if _claimed(asked, day)):
            add(
                "worked_claimed", Effect.CONFIRM,
                f"{_span(first, last)}は、{_CLAIM[asked.kind]}として申請されていますが、事業主は出勤と証明しています。",
                article, first, last,
            )  # fmt: skip
        late = [day for day in days_in(asked.first, asked.last) if asked.received > last_claim_day(day, closed)]
        for first, last in stretches(late):
            add(
                "barred", Effect.CONFIRM, f"{_span(first, last)}は、請求できる期間（2年）を過ぎています。", "法193条1項",
                first, last,
            )  # fmt: skip
        for day, words in asked.differing:
            add(
                "certificates_differ", Effect.CONFIRM,
                f"{day.isoformat()} は、事業主の証明が食い違っています（{words}）。正しい証明だけを残してください。", article, day, day,
            )  # fmt: skip
    if asked.third_party:
        add(
            "third_party", Effect.CONFIRM,
            "第三者の行為による傷病です。傷病届と、損害賠償を受けた額を確かめてください。", "法57条", asked.first, asked.last,
        )  # fmt: skip
    if not asked.pensions_known:
        add(
            "pension_unknown", Effect.CONFIRM,
            "資格を喪失した後の期間です。老齢退職年金を受けているかを確かめてください。", "法108条5項", asked.first, asked.last,
        )  # fmt: skip
    if asked.protected:
        add(
            "protected", Effect.CONFIRM,
            "保護対象の人です。通知の送り先と口座の名義を、指名された職員が確かめてください。", "個情法23条", asked.first,
            asked.last,
        )  # fmt: skip
    return tuple(sorted(found, key=lambda finding: (finding.first, finding.code)))


_CLAIM = {Kind.SICKNESS: "労務不能", Kind.MATERNITY: "労務に服さなかった日"}


def _claimed(asked: Asked, day: date) -> bool:
    """Whether the application says the person was away on a day: within what was applied for, and, for an illness, held
    unable by the physician."""
    if not asked.first <= day <= asked.last:
        return False
    return asked.opinion is None or any(a <= day <= b for a, b in asked.opinion)


def _span(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} から {last.isoformat()} まで"

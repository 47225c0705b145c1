"""The right to appeal that every refusal must name (法189条, 192条, 社会保険審査官及び社会保険審査会法).

Read in the Health Insurance Act: against decisions on benefits an appeal goes to the 社会保険審査官, a further one to the
社会保険審査会 (189条1項); no decision within two months may be taken as a dismissal (189条2項); the courts only after the
審査官 has decided (192条). The terms are in the other act (4条1項: three months from the day after one knew of the decision;
32条1項: two months from the day after the transcript was sent) and in 行政事件訴訟法14条 (six months from knowing); these texts
were not at hand, so the figures are `confirmed` False. The older law had 60 days; three months hold since 1 April 2016.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from benefits.cash.rules.working import Step
from members.lifecycle.rules.terms import Closed, next_open, period_end

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """A term of appeal in months: to whom, its basis, since when, and whether it was confirmed in the text of the law."""

    code: str
    months: int
    addressee: str
    basis: str
    effective_from: date
    confirmed: bool


FIRST = Term("first", 3, "社会保険審査官", "社会保険審査官及び社会保険審査会法4条1項", date(2016, 4, 1), False)
SECOND = Term("second", 2, "社会保険審査会", "社会保険審査官及び社会保険審査会法32条1項", date(2016, 4, 1), False)
SILENCE = Term("silence", 2, "社会保険審査官", "法189条2項", date(2016, 4, 1), True)
COURT = Term("court", 6, "裁判所", "行政事件訴訟法14条1項", date(2005, 4, 1), False)
TERMS = (FIRST, SECOND, SILENCE, COURT)


@dataclass(frozen=True)
class Deadline:
    """The last day of a term that runs from the day after an event."""

    term: Term
    event: date
    last: date
    steps: tuple[Step, ...]


def deadline(term: Term, event: date, closed: Closed | None = None) -> Deadline:
    """The last day of a term: the day after the event is its first day; a closed last day moves on (民法142条).

    ValueError for an event before the term existed.
    """
    if event < term.effective_from:
        raise ValueError(f"{event.isoformat()} の処分には別の期間が定められていました。")
    last = period_end(event + DAY, term.months)
    last = next_open(last, closed) if closed else last
    return Deadline(
        term,
        event,
        last,
        (
            Step("期間の最初の日（翌日）", event + DAY, term.basis),
            Step(f"期間（{term.months}か月）の最後の日", last, term.basis),
        ),
    )


def letter_sentences(bureau: str = "") -> tuple[str, ...]:
    """The paragraphs of a letter of refusal or of partial payment; `bureau` names the regional office, when known."""
    seat = f"（{bureau}）" if bureau else ""
    return (
        "この処分に不服があるときは、この処分があったことを知った日の翌日から起算して3か月以内に、文書または口頭で、"
        f"社会保険審査官{seat}に審査請求をすることができます。",
        "その決定に不服があるときは、決定書の謄本が送付された日の翌日から起算して2か月以内に、"
        "社会保険審査会に再審査請求をすることができます。"
        "なお、審査請求をした日から2か月以内に決定がないときは、審査請求が棄却されたものとみなして再審査請求をすることができます。",
        "この処分の取消しの訴えは、審査請求に対する社会保険審査官の決定を経た後でなければ提起できません"
        "（審査請求があった日から2か月を経過しても決定がないときなどを除きます）。"
        "この訴えは、決定があったことを知った日の翌日から起算して6か月以内に、当組合を被告として提起できます。",
    )

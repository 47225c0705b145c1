"""When the qualification of an insured person is lost (健康保険法36条・38条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

# The day itself. Acquired again on the day of the fact: another employer, a new contract (36条 かっこ書き); 任意継続 whose
# person becomes insured, joins 船員保険, or is covered by the medical care system for the old (38条4号から6号).
SAME_DAY = {
    "other_insurer": "法36条かっこ書き・法38条4号・5号",
    "transfer": "法36条かっこ書き",
    "reemployed": "法36条かっこ書き",
    "employed_again": "法38条4号",
    "disability_65": "法38条6号・高確法52条3号",
}
NEXT_DAY = {
    "retirement": "法36条2号",
    "death": "法36条1号・法38条2号",
    "excluded": "法36条3号",
    "office_closed": "法36条2号",
    "term_ended": "法38条1号",
    "non_payment": "法38条3号",
}


@dataclass(frozen=True)
class LossDate:
    """The day of loss and how it was found: (label, figure, article) steps."""

    day: date
    steps: tuple[tuple[str, str, str], ...]


def loss_date(reason: str, event: date) -> LossDate:
    """喪失日 of an event. The day after the event, or the event's own day where the law says so.

    reason: a code of LossReason. event: the last day of employment, the day of death, the day another qualification was
    acquired, the 75th birthday, the due date that passed unpaid. Raises ValueError for a reason without a rule here
    (withdrawal: see `withdrawal_loss`).
    """
    if reason in SAME_DAY:
        article = SAME_DAY[reason]
        return LossDate(event, (("事実の日", event.isoformat(), ""), ("その日に喪失", event.isoformat(), article)))
    if reason == "age_75":
        return LossDate(event, (("75歳の誕生日に喪失", event.isoformat(), "高確法50条1号・法36条3号"),))
    if reason in NEXT_DAY:
        day = event + timedelta(days=1)
        article = NEXT_DAY[reason]
        return LossDate(day, (("事実の日", event.isoformat(), ""), ("翌日に喪失", day.isoformat(), article)))
    raise ValueError(f"no rule for {reason}")


def withdrawal_loss(accepted: date) -> LossDate:
    """任意継続の取りやめ: lost on the first of the month after the request was accepted (法38条7号)."""
    day = (accepted.replace(day=1) + timedelta(days=32)).replace(day=1)
    return LossDate(day, (("申出の受理", accepted.isoformat(), ""), ("翌月1日に喪失", day.isoformat(), "法38条7号")))


def voluntary_term(start: date) -> date:
    """The day 任意継続 is lost at the latest: two years after it began (法38条1号). 29 February ends on 1 March."""
    try:
        return start.replace(year=start.year + 2)
    except ValueError:
        return date(start.year + 2, 3, 1)

"""How this app moves a qualification: through the actions of the register, whose sentences it passes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from members.enrollment import actions as enrollment
from members.enrollment.enums import DependantEndReason, LossReason
from members.lifecycle.enums import EndKind
from members.lifecycle.policies import UnableToRecord

LOSS_REASONS = {
    EndKind.TERM: LossReason.TERM_ENDED,
    EndKind.DEATH: LossReason.DEATH,
    EndKind.NON_PAYMENT: LossReason.NON_PAYMENT,
    EndKind.INSURED: LossReason.OTHER_INSURER,
    EndKind.SEAMAN: LossReason.OTHER_INSURER,
    EndKind.ELDERLY: LossReason.DISABILITY_65,
    EndKind.WITHDRAWAL: LossReason.WITHDRAWAL,
}


@dataclass(frozen=True)
class Night:
    """Nobody at the keyboard: what `by` is in the work of the night."""

    pk: None = None


NIGHT = Night()


@contextmanager
def passing_on() -> Iterator[None]:
    """What the register cannot do is said in its own words."""
    try:
        yield
    except enrollment.UnableToChange as unable:
        raise UnableToRecord(str(unable)) from unable


def begin(*, by: Any, member: Any, report: enrollment.Report) -> Any:
    """任意継続 begins on the report's day; the dependants stay."""
    with passing_on():
        return enrollment.enter_voluntary(by=by, member_id=member.pk, version=member.version, report=report)


def correct_received(period_id: int, received_date: date) -> None:
    """The application arrived on another day than was entered."""
    enrollment.correct_received_date(period_id=period_id, received_date=received_date)


def end(*, by: Any, member: Any, report: enrollment.Report, kind: EndKind) -> Any:
    """任意継続 is lost on the report's day, perhaps one to come."""
    with passing_on():
        return enrollment.end_voluntary(
            by=by, member_id=member.pk, version=member.version, report=report, reason=LOSS_REASONS[kind]
        )


def undo_beginning(*, by: Any, member: Any, report: enrollment.Report) -> Any:
    """任意継続 is as if it had never been."""
    with passing_on():
        return enrollment.cancel_acquisition(by=by, member_id=member.pk, version=member.version, report=report)


def undo_end(*, by: Any, member: Any, report: enrollment.Report) -> Any:
    """The loss is taken back."""
    with passing_on():
        return enrollment.cancel_loss(by=by, member_id=member.pk, version=member.version, report=report)


def lose_by_age(*, by: Any, member: Any, report: enrollment.Report) -> Any:
    """75: an insured person loses, and with them their dependants; a dependant is removed."""
    with passing_on():
        if member.is_dependant:
            return enrollment.remove_dependant(
                by=by, member_id=member.pk, version=member.version, report=report, reason=DependantEndReason.AGE_75
            )
        return enrollment.lose(
            by=by, member_id=member.pk, version=member.version, report=report, reason=LossReason.AGE_75
        )

"""May this thing be moved now? Each check raises with a sentence staff can read."""

from __future__ import annotations

from datetime import date
from typing import Any

from health_programs.checkups.enums import BookingState, CampaignState, ResultState, VoucherState


class UnableToMove(Exception):
    """Why something cannot be done now, in words for the clerk."""


def can(check: Any, *args: Any, **kwargs: Any) -> bool:
    """Whether a check passes."""
    try:
        check(*args, **kwargs)
    except UnableToMove:
        return False
    return True


def check_can_book(target: Any, day: date) -> None:
    """A booking lies within the days in which the person may be examined."""
    if target is None or target.gone:
        raise UnableToMove("この年度の、この健診の対象者ではありません。")
    if not target.since <= day <= target.until:
        raise UnableToMove(
            f"受診できるのは{target.since:%Y-%m-%d}から{target.until:%Y-%m-%d}までです（資格の期間、75歳の誕生日の前日まで）。"
        )


def check_can_cancel_booking(booking: Any) -> None:
    if booking.state != BookingState.BOOKED:
        raise UnableToMove("予約中のものだけ取り消せます。")


def check_can_recall(voucher: Any) -> None:
    if voucher.state != VoucherState.ISSUED:
        raise UnableToMove("この受診券はすでに無効です。")


def check_can_match(result: Any) -> None:
    if result.state != ResultState.UNMATCHED:
        raise UnableToMove("本人を確認済みの結果です。")


def check_can_withdraw(result: Any) -> None:
    if result.state == ResultState.WITHDRAWN:
        raise UnableToMove("この結果は取り下げ済みです。")


def check_can_change_campaign(campaign: Any) -> None:
    if campaign.state != CampaignState.DRAFT:
        raise UnableToMove("下書きのあいだだけ変えられます。差し戻してもらうと下書きに戻ります。")


def check_can_submit(campaign: Any, today: date) -> None:
    """A draft with a counted population, a day of sending still to come."""
    check_can_change_campaign(campaign)
    if campaign.counted_at is None:
        raise UnableToMove("送る人数を確かめてから依頼してください。")
    if campaign.send_date <= today:
        raise UnableToMove("送る日は明日より後の日にしてください。夜のあいだに送る人を確定します。")
    if not (campaign.counts.get("mail", 0) or campaign.counts.get("letter", 0)):
        raise UnableToMove("送る人がいません。")


def check_can_approve(campaign: Any, user_id: int, today: date) -> None:
    """Another person than the one who asked, before the day itself."""
    if campaign.state != CampaignState.SUBMITTED:
        raise UnableToMove("承認を待っている受診勧奨ではありません。")
    if user_id in (campaign.submitted_by_id, campaign.created_by_id):
        raise UnableToMove("依頼した本人は承認できません。ほかの職員が承認します。")
    if campaign.send_date < today:
        raise UnableToMove("送る日を過ぎています。差し戻して日を直してください。")


def check_can_stop(campaign: Any) -> None:
    if campaign.state not in (CampaignState.SUBMITTED, CampaignState.APPROVED, CampaignState.SENDING):
        raise UnableToMove("止められるのは、承認待ち・承認済み・送信中のものです。")

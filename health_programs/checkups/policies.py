"""May this thing be moved now? Each check raises with a sentence staff can read."""

from __future__ import annotations

from datetime import date
from typing import Any

from health_programs.checkups.enums import (
    ArchiveState,
    BookingState,
    CampaignAim,
    LinkBatchState,
    LinkState,
    ResultState,
    Source,
    VoucherState,
)
from health_programs.checkups.files.person_columns import LAYOUT
from health_programs.checkups.rules.campaign_text import SAME_FOR_ALL, problems, revealing


class UnableToMove(Exception):
    """Why something cannot be done now, in words for the clerk."""


def check_words(campaign: Any) -> None:
    """The mail about results says nothing that would tell of anybody's, whichever way its words came in."""
    if campaign.aim != CampaignAim.TREATMENT:
        return
    for text, subject in ((campaign.subject_line, True), (campaign.body, False)):
        told = problems(text, SAME_FOR_ALL) + revealing(text, subject=subject)
        if told:
            raise UnableToMove(told[0])


def check_can_book(target: Any, day: date) -> None:
    """A booking lies within the days in which the person may be examined."""
    if target is None or target.gone:
        raise UnableToMove("この年度の、この健診の対象者ではありません。")
    if not target.since <= day <= target.until:
        raise UnableToMove(
            f"受診できるのは{target.since:%Y-%m-%d}から{target.until:%Y-%m-%d}までです（資格の期間、75歳の誕生日の前日まで）。"
        )


def check_is_booked(booking: Any) -> None:
    if booking.state != BookingState.BOOKED:
        raise UnableToMove("この予約は、受診済みか取り消し済みです。")


def check_can_attend(booking: Any, today: date) -> None:
    """特定健診 is proven by its result; other kinds by a clerk, from the day itself on."""
    if booking.kind.statutory:
        raise UnableToMove("特定健診は、結果が届くと受診済みになります。")
    if booking.date > today:
        raise UnableToMove("受診する日がまだ来ていません。")


def check_can_recall(voucher: Any) -> None:
    if voucher.state != VoucherState.ISSUED:
        raise UnableToMove("この受診券はすでに無効です。")


def check_can_match(result: Any) -> None:
    if result.state != ResultState.UNMATCHED:
        raise UnableToMove("本人を確認済みの結果です。")


def check_can_withdraw(result: Any) -> None:
    if result.state == ResultState.WITHDRAWN:
        raise UnableToMove("この結果は取り下げ済みです。")


def check_shape(shape: Any) -> None:
    """A map must say whose result it is and when, and hold at least one item; no column is two things."""
    missing = LAYOUT.missing({*shape.places, *shape.constants})
    if missing:
        names = "、".join(one.title for one in missing)
        raise UnableToMove(f"{names}の列がありません。どの列かを選ぶか、決まった値を書いてください。")
    if not shape.items:
        raise UnableToMove("検査項目の列が一つもありません。少なくとも一つ選んでください。")
    codes = [one.code for one in shape.items]
    twice = next((one for one in shape.items if codes.count(one.code) > 1), None)
    if twice is not None:
        raise UnableToMove(f"「{twice.item.name}」（{twice.code}）を二つの列に選んでいます。")


def check_newest(row: Any, newest: Any) -> None:
    """A version follows on the newest one."""
    if row.pk != newest.pk:
        raise UnableToMove(f"第{newest.number}版が保存されています。新しい版を開いて、もう一度直してください。")


def check_map_in_use(row: Any) -> None:
    if not row.current:
        raise UnableToMove("この列の対応は使っていません。使っている版を選んでください。")


def check_can_read_again(archive: Any) -> None:
    """A table, when it has been read or could not be."""
    if archive.source != Source.CSV:
        raise UnableToMove("読み直せるのはCSVだけです。ZIPは、直したものを受け取ってください。")
    if archive.state not in (ArchiveState.READ, ArchiveState.UNREADABLE):
        raise UnableToMove("読み取りの途中です。終わってから読み直してください。")


def check_collecting(batch: Any) -> None:
    if batch.state != LinkBatchState.COLLECTING:
        raise UnableToMove("この回は集め終わっています。")


def check_can_ask(batch: Any, *, gone: bool) -> None:
    """gone: the former file of the batch ended without having left."""
    if batch.state == LinkBatchState.COLLECTED or (batch.state == LinkBatchState.ASKED and gone):
        return
    if batch.state == LinkBatchState.ASKED:
        raise UnableToMove("この回のファイルはすでに依頼しています。受け渡しの画面から取り出してください。")
    raise UnableToMove("この回のファイルは、いまは依頼できません。状態を確かめてください。")


def check_can_call_off(batch: Any, *, gone: bool) -> None:
    if batch.state == LinkBatchState.ASKED and not gone:
        raise UnableToMove("この回のファイルを依頼しています。受け渡しの画面で取り下げてから、取りやめてください。")
    if batch.state not in (LinkBatchState.COLLECTED, LinkBatchState.ASKED):
        raise UnableToMove("取りやめられるのは、送付前の回だけです。")


def check_can_send_again(line: Any) -> None:
    if line.state != LinkState.REJECTED:
        raise UnableToMove("もう一度送れるのは、エラーの結果だけです。")

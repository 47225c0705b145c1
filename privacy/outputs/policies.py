"""May this file go to this recipient, and may it be moved now? Each check raises Closed with a sentence for staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from privacy.outputs.enums import KEPT, Encoding, FileFormat, OutputState, RecipientKind
from privacy.outputs.kinds import Allowed, FileKind
from privacy.outputs.models import Agreement, Output, Recipient
from privacy.outputs.rules.records import duty_to_record, may_go_abroad


class Closed(Exception):
    """The door stays shut; the text says why and what to do."""


def allowed_for(kind: FileKind, recipient_kind: str) -> Allowed:
    """What this kind of file lets this kind of recipient have."""
    try:
        return kind.recipients[RecipientKind(recipient_kind)]
    except KeyError:
        raise Closed(
            f"「{kind.title}」を{RecipientKind(recipient_kind).label}に渡すことは、取り決めていません。"
        ) from None


def check_may_receive(kind: FileKind, recipient: Recipient, agreement: Agreement | None, on: date) -> Allowed:
    """Whether this organisation may be handed this kind of file on this day, and what."""
    allowed = allowed_for(kind, recipient.kind)
    if not recipient.is_open(on):
        raise Closed("この受け渡し先は、いま使えません。使う期間を受け渡し先の一覧で確かめてください。")
    if recipient.abroad and not may_go_abroad(allowed.basis):
        raise Closed("外国にある第三者には、法令か本人の同意がなければ渡せません（個人情報保護法28条1項）。")
    if allowed.agreed:
        if agreement is None or not agreement.period or on not in agreement.period:
            raise Closed(
                f"この受け渡し先とは、「{kind.title}」の{allowed.basis.label}の取決めがいまありません。"
                "受け渡し先の画面で取決めを登録してから、依頼してください。"
            )
        if agreement.basis != allowed.basis:
            raise Closed("取決めの根拠が、このファイルの根拠と違います。取決めを登録し直してください。")
    duty = duty_to_record(
        recipient_kind=recipient.kind, basis=allowed.basis, public_body=recipient.public_body, abroad=recipient.abroad
    )
    if duty.due and not (recipient.address and recipient.representative):
        raise Closed("提供の記録に要る所在地と代表者が、この受け渡し先に登録されていません（施行規則20条1項1号ロ）。")
    return allowed


def items_agreed(allowed: Allowed, agreement: Agreement | None) -> tuple[str, ...]:
    """Columns that may be chosen: those the file allows this kind of recipient, narrowed by the agreement."""
    if agreement is None or not allowed.agreed:
        return allowed.items
    agreed = set(agreement.items)
    return tuple(item for item in allowed.items if item in agreed)


def check_items(kind: FileKind, agreed: Iterable[str], chosen: Iterable[str]) -> None:
    wanted = list(chosen)
    if not wanted:
        raise Closed("項目を一つ以上選んでください。")
    extra = [kind.items[c].title if c in kind.items else "（ない項目）" for c in wanted if c not in set(agreed)]
    if extra:
        raise Closed(f"取り決めていない項目は渡せません：{'、'.join(extra)}")


def check_format(kind: FileKind, file_format: str, encoding: str) -> None:
    if file_format not in kind.formats:
        raise Closed("この形式では出せません。")
    if encoding == Encoding.CP932 and file_format != FileFormat.CSV:
        raise Closed("文字コードを選べるのは、CSVだけです。")


def check_can_fetch(output: Output, user: Any, at: datetime) -> None:
    if output.requested_by_id != user.pk:
        raise Closed("取り出せるのは、依頼した本人だけです。")
    if output.state == OutputState.FETCHED:
        raise Closed(
            "このファイルは取り出し済みです。取り出せるのは一度だけです。要るときは、もう一度依頼してください。"
        )
    if output.state == OutputState.WAITING:
        raise Closed("二人目の確認が済むまで、取り出せません。")
    if output.state != OutputState.READY:
        raise Closed(f"この受け渡しは「{output.get_state_display()}」なので、取り出せません。")
    if output.is_expired(at):
        raise Closed("保管の期限を過ぎました。もう一度依頼してください。")


def check_can_decide(output: Output, user: Any, at: datetime) -> None:
    if output.requested_by_id == user.pk:
        raise Closed("依頼した本人は確認できません。ほかの職員が確認します。")
    if output.state != OutputState.WAITING:
        raise Closed(f"この受け渡しは「{output.get_state_display()}」なので、確認するものがありません。")
    if output.is_expired(at):
        raise Closed("保管の期限を過ぎました。もう一度依頼してもらってください。")


def check_can_withdraw(output: Output, user: Any) -> None:
    if output.requested_by_id != user.pk:
        raise Closed("取り下げられるのは、依頼した本人だけです。")
    if output.state not in (OutputState.PREPARING, OutputState.WAITING, OutputState.READY):
        raise Closed(f"この受け渡しは「{output.get_state_display()}」なので、取り下げられません。")


def check_can_destroy(output: Output, user: Any) -> None:
    if output.requested_by_id != user.pk:
        raise Closed("廃棄できるのは、依頼した本人だけです。期限が来れば夜間に廃棄します。")
    if output.state not in KEPT:
        raise Closed(f"この受け渡しは「{output.get_state_display()}」なので、廃棄するものがありません。")


def check_can_hand_back(output: Output, on: date, today: date) -> None:
    if output.return_due is None or output.fetched_at is None:
        raise Closed("返却・廃棄を確かめるのは、委託先に渡したファイルだけです。")
    if output.returned_on is not None:
        raise Closed("返却・廃棄は、もう記録されています。")
    if on > today:
        raise Closed("確かめた日は、今日までの日にしてください。")

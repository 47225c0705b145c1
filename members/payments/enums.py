"""Words of accounts and payments."""

from django.db import models


class AccountKind(models.IntegerChoices):
    """預金種目, as the 全銀 record numbers it."""

    ORDINARY = 1, "普通"
    CHECKING = 2, "当座"
    SAVINGS = 4, "貯蓄"


class Relation(models.TextChoices):
    """口座の名義人と加入者の関係."""

    SELF = "self", "本人"
    GUARDIAN = "guardian", "親権者"
    AGENT = "agent", "代理人"
    HEIR = "heir", "相続人"
    FACILITY = "facility", "医療機関・施設"


class AccountState(models.TextChoices):
    PROPOSED = "proposed", "確認待ち"
    CONFIRMED = "confirmed", "確認済み"
    REJECTED = "rejected", "差し戻し"


class AccountStep(models.TextChoices):
    """What was done with an account, as its history tells it."""

    ENTERED = "entered", "入力"
    CONFIRMED = "confirmed", "確認"
    SENT_BACK = "sent_back", "差し戻し"
    REPLACED = "replaced", "新しい口座に替えた"
    END_ENTERED = "end_entered", "終わりを入力"
    END_CONFIRMED = "end_confirmed", "終わりを確認"
    END_WITHDRAWN = "end_withdrawn", "終わりを取り下げ"
    CAME_OVER = "came_over", "統合した登録から移った"


class RunKind(models.TextChoices):
    """種別 of the file: 総合振込 (21) or 給与振込 (11)."""

    GENERAL = "21", "総合振込"
    SALARY = "11", "給与振込"


class ClosedDays(models.TextChoices):
    """The day of transfer when banks are closed on the day that was asked for."""

    PREVIOUS = "previous", "前の営業日に振り込む"
    NEXT = "next", "次の営業日に振り込む"


class RunState(models.TextChoices):
    COLLECTING = "collecting", "集計中"
    CHECKED = "checked", "点検済み"
    APPROVED = "approved", "承認済み"
    WRITTEN = "written", "作成済み"
    SETTLED = "settled", "精算済み"
    CANCELLED = "cancelled", "取りやめ"


class PaymentState(models.TextChoices):
    DECIDED = "decided", "支払待ち"
    COLLECTED = "collected", "集計済み"
    WRITTEN = "written", "依頼済み"
    PAID = "paid", "支払済み"
    RETURNED = "returned", "組戻し・不能"
    REPAID = "repaid", "再支払へ"
    CANCELLED = "cancelled", "取りやめ"


LIVE = (PaymentState.DECIDED, PaymentState.COLLECTED, PaymentState.WRITTEN, PaymentState.PAID)
"""States of an order that stands: of these there is at most one for one decision."""

IN_RUN = (PaymentState.COLLECTED, PaymentState.WRITTEN, PaymentState.PAID, PaymentState.RETURNED, PaymentState.REPAID)
"""States in which a payment lies in a run with its account frozen."""

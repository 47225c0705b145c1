"""States of a batch of mail and of one mail in it."""

from django.db import models


class BatchState(models.TextChoices):
    """Where a batch stands. The words are those of the screen."""

    DRAFT = "draft", "準備中"
    RELEASED = "released", "送信予約"
    STOPPED = "stopped", "停止"
    FINISHED = "finished", "終了"
    CANCELLED = "cancelled", "取消"


class MailState(models.TextChoices):
    """Where one mail stands.

    SENDING is committed before the server hears of the text, the outcome after its answer: whoever dies between the two
    leaves a row that says so.
    """

    PENDING = "pending", "送信待ち"
    SENDING = "sending", "送信中"
    SENT = "sent", "送信済み"
    DEFERRED = "deferred", "再送待ち"
    REJECTED = "rejected", "不達"
    IN_DOUBT = "in_doubt", "要確認"
    SUPPRESSED = "suppressed", "配信停止"
    CANCELLED = "cancelled", "取消"


class Reason(models.TextChoices):
    """Why a mail ended unsent, or stands in doubt: codes only, never the server's words."""

    NONE = "", "―"
    SERVER = "server", "メールサーバーが受け取りませんでした"
    GIVEN_UP = "given_up", "再送を重ねましたが届きませんでした"
    BOUNCED = "bounced", "受け取り後に不達の通知が届きました"
    BAD_ADDRESS = "bad_address", "アドレスの形が正しくありません"
    UNUSABLE = "unusable", "件名か本文に使えない文字があります"
    NO_ADDRESS = "no_address", "送り先がありません"
    NOT_WANTED = "not_wanted", "送る必要がなくなりました"
    WITHDRAWN = "withdrawn", "送信を取り消しました"
    SUPPRESSED = "suppressed", "配信停止のアドレスです"
    CUT_OFF = "cut_off", "本文を送ったあとに接続が切れました"
    WORKER_LOST = "worker_lost", "送信の途中で処理が止まりました"


class SuppressionReason(models.TextChoices):
    UNSUBSCRIBE = "unsubscribe", "本人の配信停止"
    BOUNCE = "bounce", "不達"
    COMPLAINT = "complaint", "迷惑メールの申告"


class What(models.TextChoices):
    """What happened to a mail."""

    SENT = "sent", "送信"
    DEFERRED = "deferred", "再送待ちへ"
    REJECTED = "rejected", "不達"
    IN_DOUBT = "in_doubt", "要確認へ"
    SETTLED_SENT = "settled_sent", "送信済みと確認"
    SETTLED_UNSENT = "settled_unsent", "未送信と確認"
    BOUNCED = "bounced", "不達の通知"
    DELAYED = "delayed", "遅延の通知"
    DELIVERED = "delivered", "配達の通知"
    UNSUBSCRIBED = "unsubscribed", "配信停止の申し出"


# A sender may take these.
WAITING = (MailState.PENDING, MailState.DEFERRED)
# Nothing more happens by itself.
ENDED = (MailState.SENT, MailState.REJECTED, MailState.SUPPRESSED, MailState.CANCELLED)

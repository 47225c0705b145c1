"""Words of this app: states and choices, as clerks read them."""

from django.db import models


class BookingState(models.TextChoices):
    """予約の状態."""

    BOOKED = "booked", "予約中"
    ATTENDED = "attended", "受診済み"
    CANCELLED = "cancelled", "取り消し"


class VoucherState(models.TextChoices):
    """受診券の状態."""

    ISSUED = "issued", "発行済み"
    RECALLED = "recalled", "回収・無効"


class Exclusion(models.TextChoices):
    """対象から除く理由 (実施基準1条、平成20年厚生労働省告示第3号)."""

    PREGNANT = "pregnant", "妊産婦"
    DETAINED = "detained", "刑事施設などに拘禁"
    ABROAD = "abroad", "国外に住所"
    SEAFARER = "seafarer", "船員保険の船員で長期の乗船"
    HOSPITALISED = "hospitalised", "病院などに6か月以上継続して入院"
    INSTITUTION = "institution", "施設に入所"


class ResultState(models.TextChoices):
    """健診結果の状態."""

    MATCHED = "matched", "本人を確認"
    UNMATCHED = "unmatched", "本人が未確認"
    DOUBLE = "double", "重複受診"
    WITHDRAWN = "withdrawn", "取り下げ"


class Source(models.TextChoices):
    """結果の届いた形."""

    XML = "xml", "特定健診XML"
    CSV = "csv", "CSV"


class ArchiveState(models.TextChoices):
    """取り込みの状態."""

    RECEIVED = "received", "受け付け"
    READING = "reading", "読み取り中"
    READ = "read", "取り込み済み"
    UNREADABLE = "unreadable", "読み取れません"


class DocumentOutcome(models.TextChoices):
    """アーカイブの中の1件の扱い."""

    TAKEN = "taken", "取り込み"
    UNMATCHED = "unmatched", "本人が未確認"
    DOUBLE = "double", "重複受診"
    SAME = "same", "取り込み済みと同じ"
    FAILED = "failed", "誤り"


class InvoiceState(models.TextChoices):
    """請求の状態."""

    MATCHED = "matched", "結果と一致"
    NO_RESULT = "no_result", "結果なし"
    PRICE_DIFFERS = "price_differs", "契約と金額が相違"
    TWICE = "twice", "二重の請求"
    SETTLED = "settled", "確認済み"


class Level(models.TextChoices):
    """保健指導レベル (実施基準4条2項・7条・8条)."""

    INTENSIVE = "intensive", "積極的支援"
    MOTIVATIONAL = "motivational", "動機付け支援"
    INFORMATION = "information", "情報提供"
    MEDICATED = "medicated", "服薬中（対象外）"
    UNDETERMINABLE = "undeterminable", "判定不能"


class Urgency(models.TextChoices):
    """受診勧奨の急ぎ方."""

    AT_ONCE = "at_once", "すぐに受診"
    SOON = "soon", "早めに受診"
    RECHECK = "recheck", "再検査"


class FollowState(models.TextChoices):
    """受診勧奨のその後."""

    OPEN = "open", "勧奨前"
    RECOMMENDED = "recommended", "勧奨済み・返事待ち"
    VISITED = "visited", "受診した"
    UNDER_TREATMENT = "under_treatment", "治療中"
    DECLINED = "declined", "受診しない"
    CLOSED = "closed", "終了"


class Left(models.TextChoices):
    """対象者リストから除いた理由. Each person counts under the first."""

    NOT_COVERED = "not_covered", "資格がない人"
    PROTECTED = "protected", "保護対象の人"
    OPTED_OUT = "opted_out", "利用を希望しない人"


class CampaignAim(models.TextChoices):
    """受診勧奨の目的: what a campaign is for, and with it under which published use it is read and sent."""

    REMINDER = "reminder", "未受診者への受診勧奨"
    TREATMENT = "treatment", "要医療者への受診勧奨"


class CampaignState(models.TextChoices):
    """受診勧奨の状態."""

    DRAFT = "draft", "下書き"
    SUBMITTED = "submitted", "承認待ち"
    APPROVED = "approved", "承認済み"
    BUILT = "built", "送る人を確定"
    CANCELLED = "cancelled", "取りやめ"


class Channel(models.TextChoices):
    """届け方."""

    MAIL = "mail", "メール"
    LETTER = "letter", "郵送"
    NONE = "none", "送らない"


class NotSent(models.TextChoices):
    """送らない理由, in the order in which they are asked: each person counts under the first."""

    EXAMINED = "examined", "今年度すでに受診している"
    BOOKED = "booked", "予約がある"
    EXCLUDED = "excluded", "告示で除かれる（妊産婦など）"
    OVER = "over", "受診できる期間が終わっている"
    VISITED = "visited", "医療機関を受診したと返事がある"
    TREATED = "treated", "治療中と返事がある"
    DECLINED = "declined", "受診しないと返事がある"
    CLOSED = "closed", "勧奨を終えている"
    NOT_COVERED = "not_covered", "資格を喪失している"
    PROTECTED = "protected", "支援措置などの保護対象"
    OPTED_OUT = "opted_out", "勧奨を希望しないと申し出ている"
    SUSPENDED = "suspended", "利用停止の申出がある"
    RECENT = "recent", "最近の勧奨から日が浅い"
    NO_ADDRESS = "no_address", "メールも住所もない"


class ReportState(models.TextChoices):
    """国への実績報告の状態, in the order of its life."""

    COLLECTING = "collecting", "集計中"
    COLLECTED = "collected", "承認待ち"
    APPROVED = "approved", "承認済み"
    WRITTEN = "written", "ファイル作成"
    ACCEPTED = "accepted", "受付済み"
    RETURNED = "returned", "返戻"
    CANCELLED = "cancelled", "取りやめ"


class Standing(models.TextChoices):
    """実績報告での扱い of one person; each stands in exactly one, the first that fits in the order of the rule."""

    INCOMPLETE = "incomplete", "必須項目が欠けている"
    EXAMINED = "examined", "実施（報告に載せる）"
    NOT_EXAMINED = "not_examined", "未受診"
    EXCLUDED = "excluded", "告示で除かれる"
    PARTIAL_YEAR = "partial_year", "年度途中の加入・脱退"
    OTHER_AGE = "other_age", "年度末40～74歳でない"


class LinkBatchState(models.TextChoices):
    """連携の回の状態."""

    COLLECTING = "collecting", "集めている"
    COLLECTED = "collected", "送付前"
    ASKED = "asked", "ファイルを依頼済み"
    SENT = "sent", "送付済み"
    CANCELLED = "cancelled", "取りやめ"


class LinkAction(models.TextChoices):
    """連携の処理."""

    REGISTER = "register", "登録"
    CHANGE = "change", "変更"
    CANCEL = "cancel", "取消"


class LinkState(models.TextChoices):
    """連携の1件の状態."""

    WAITING = "waiting", "送付前"
    SENT = "sent", "送信済（回答待ち）"
    ACCEPTED = "accepted", "受理"
    REJECTED = "rejected", "エラー"
    RESEND = "resend", "再送待ち"
    DROPPED = "dropped", "取りやめ"


class LinkLeft(models.TextChoices):
    """連携しない理由. Each result counts under the first."""

    PROTECTED = "protected", "保護対象の人"
    SUSPENDED = "suspended", "利用停止の申出がある人"
    OPTED_OUT = "opted_out", "連携を希望しないと申し出た人"
    REJECTED = "rejected", "エラーのまま（直していない）"
    UNWRITABLE = "unwritable", "様式に書けない結果"


class AnswerState(models.TextChoices):
    """回答ファイルの状態."""

    READING = "reading", "読み取り中"
    READ = "read", "取り込み済み"
    UNREADABLE = "unreadable", "読み取れません"


class AnswerOutcome(models.TextChoices):
    """回答の1件の扱い."""

    ACCEPTED = "accepted", "受理"
    REJECTED = "rejected", "エラー"
    UNKNOWN = "unknown", "送っていない管理番号"
    SETTLED = "settled", "回答を受け取り済み"

"""Words of the door out."""

from django.db import models


class RecipientKind(models.TextChoices):
    """受取人の種別: who may be handed a file. EACH: a stack of letters, each to the person it is about."""

    PERSON = "person", "本人"
    EACH = "each", "本人（各自宛て）"
    EMPLOYER = "employer", "事業主"
    CONTRACTOR = "contractor", "委託先"
    STATE = "state", "国"
    PAYMENT_FUND = "payment_fund", "支払基金"
    INSURER = "insurer", "他保険者"
    BANK = "bank", "金融機関"
    MEDICAL = "medical", "医療機関"


# Not organisations: what goes to the person, alone or as one of many letters of a stack, is theirs.
THEMSELVES = (RecipientKind.PERSON, RecipientKind.EACH)


class Basis(models.TextChoices):
    """渡す根拠: why the law lets personal data go out (個人情報保護法27条). To the person themselves none is needed."""

    OWN = "own", "本人への交付"
    LAW = "law", "法令"
    CONTRACT = "contract", "委託"
    SHARED_USE = "shared_use", "共同利用"
    CONSENT = "consent", "同意"


class FileFormat(models.TextChoices):
    CSV = "csv", "CSV"
    PDF = "pdf", "PDF"
    FIXED = "txt", "固定長（全銀）"
    ZIP = "zip", "ZIP（アーカイブ）"


class Encoding(models.TextChoices):
    """文字コード of a CSV."""

    UTF8 = "utf8", "UTF-8"
    CP932 = "cp932", "Shift_JIS（CP932）"


class OutputState(models.TextChoices):
    """状態 of one file out, in the order of its life."""

    PREPARING = "preparing", "作成中"
    WAITING = "waiting", "確認待ち"
    READY = "ready", "受け渡し可"
    FETCHED = "fetched", "取り出し済み"
    REFUSED = "refused", "差し戻し"
    WITHDRAWN = "withdrawn", "取り下げ"
    EMPTY = "empty", "該当なし"
    DESTROYED = "destroyed", "廃棄済み"


# States in which the bytes are kept; the night destroys them when their days are over.
KEPT = (OutputState.WAITING, OutputState.READY, OutputState.FETCHED, OutputState.REFUSED, OutputState.WITHDRAWN)


class Removal(models.TextChoices):
    """除いた理由: why the door took somebody out of a file. In this order; each person counts under the first."""

    NOT_OF_RECIPIENT = "not_of_recipient", "受取人に属さない人"
    PROTECTED = "protected", "支援措置などの保護対象"
    SUSPENDED = "suspended", "利用停止・第三者提供の停止（個人情報保護法35条）"
    OPTED_OUT = "opted_out", "利用を希望しない申出（オプトアウト）"


class RefusalReason(models.TextChoices):
    """差し戻しの理由. Chosen, not typed: this row is about nobody, and a typed reason could name somebody."""

    WRONG_RECIPIENT = "wrong_recipient", "受取人が違う"
    WRONG_COUNT = "wrong_count", "人数・件数が合わない"
    TOO_MANY_ITEMS = "too_many_items", "必要のない項目がある"
    WRONG_DATE = "wrong_date", "基準の日や対象が違う"
    NOT_NEEDED = "not_needed", "渡す必要がない"


class SuspensionScope(models.TextChoices):
    """停止の範囲 (個人情報保護法35条)."""

    ALL = "all", "利用の停止"
    PROVISION = "provision", "第三者への提供の停止"


class HandBack(models.TextChoices):
    """委託先の後始末: how handed data ended at the contractor."""

    RETURNED = "returned", "返却を受けた"
    DESTROYED = "destroyed", "廃棄の証明を受けた"


class WishSource(models.TextChoices):
    """申出の方法."""

    PAPER = "paper", "書面"
    PHONE = "phone", "電話"
    COUNTER = "counter", "窓口"
    PORTAL = "portal", "本人の画面"
    MAIL = "mail", "メール"


class SuspensionArticle(models.TextChoices):
    """利用停止等の条文 (個人情報保護法35条)."""

    UNLAWFUL_USE = "35-1", "35条1項（目的外の利用・不正な取得）"
    UNLAWFUL_PROVISION = "35-3", "35条3項（違法な第三者提供）"
    NO_LONGER_NEEDED = "35-5", "35条5項（必要がなくなった・権利を害するおそれ）"


class ConfirmedHow(models.TextChoices):
    """確認の方法 (施行規則22条)."""

    DOCUMENT = "document", "契約書などの書面の提示"
    DECLARED = "declared", "提供元からの申告"
    REPEATED = "repeated", "前と同じ内容であることの確認"

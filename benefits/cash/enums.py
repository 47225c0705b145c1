"""Words of the cases of cash benefits. Kinds and states come from the rules: see `choices`."""

from django.db import models


class Outcome(models.TextChoices):
    """What a decision says."""

    GRANT = "grant", "支給"
    REFUSE = "refuse", "不支給"
    RECOVER = "recover", "返納"


class DocumentState(models.TextChoices):
    MISSING = "missing", "未着"
    RECEIVED = "received", "受付"
    CHECKED = "checked", "確認済み"
    FAULTY = "faulty", "不備"


class Way(models.TextChoices):
    """出産育児一時金の受取方法. The same codes as `rules.childbirth.Way`."""

    DIRECT = "direct", "直接支払制度"
    AGENT = "agent", "受取代理制度"
    CASH = "cash", "窓口で全額を支払った"


class Hold(models.TextChoices):
    """How far a month of decisions has come."""

    PROPOSED = "proposed", "議長の承認待ち"
    CLOSED = "closed", "締切済み"
    REOPENED = "reopened", "取りやめ"


class FileState(models.TextChoices):
    """How far a file of certificates has come."""

    CHECKING = "checking", "確かめ中"
    CHECKED = "checked", "確認待ち"
    APPLYING = "applying", "登録中"
    APPLIED = "applied", "登録済み"
    DISCARDED = "discarded", "取りやめ"


class LineOutcome(models.TextChoices):
    """What a line of a file of certificates will do, or did."""

    WAITING = "waiting", "これから"
    NEW = "new", "新しい証明"
    SAME = "same", "登録済みと同じ"
    ERROR = "error", "誤り"
    APPLIED = "applied", "登録した"


class LinkContent(models.TextChoices):
    """What a batch of the link under 番号法 holds."""

    COPIES = "copies", "副本の登録"
    INQUIRIES = "inquiries", "情報の照会"


class LinkBatchState(models.TextChoices):
    """How far a batch has come."""

    COLLECTED = "collected", "送付前"
    ASKED = "asked", "受け渡し中"
    SENT = "sent", "送付済み"
    CANCELLED = "cancelled", "取りやめ"


class LinkState(models.TextChoices):
    """How far one line has come. ACCEPTED: a copy was registered, an inquiry was answered."""

    WAITING = "waiting", "送付前"
    SENT = "sent", "回答待ち"
    ACCEPTED = "accepted", "受理"
    REJECTED = "rejected", "エラー"
    RESEND = "resend", "再送待ち"
    DROPPED = "dropped", "取りやめ"


class LinkAction(models.TextChoices):
    """処理区分 of a copy."""

    REGISTER = "register", "登録"
    CHANGE = "change", "変更"
    CANCEL = "cancel", "取消"


class LinkLeft(models.TextChoices):
    """Why a decided case is not in a batch."""

    SUSPENDED = "suspended", "利用停止・第三者提供の停止"
    UNWRITABLE = "unwritable", "書き出せない値がある"


class Matter(models.TextChoices):
    """What is asked for. The same codes as in the files."""

    ACCOUNT = "account", "公金受取口座"
    PENSION = "pension", "年金給付"


class PensionKind(models.TextChoices):
    """法108条3項・4項・5項. The same codes as in the files."""

    DISABILITY = "disability", "障害厚生年金"
    DISABILITY_LUMP = "disability_lump", "障害手当金"
    OLD_AGE = "old_age", "老齢退職年金給付"


class Finding(models.TextChoices):
    """What the answer to an inquiry says."""

    FOUND = "found", "該当あり"
    NONE = "none", "該当なし"


class AnswerUse(models.TextChoices):
    """What became of an answer."""

    TAKEN = "taken", "取り入れた"
    DECLINED = "declined", "使わない"


class LineUse(models.TextChoices):
    """Why a line that came back could not be used."""

    UNKNOWN = "unknown", "送っていない管理番号"
    SETTLED = "settled", "回答済みの管理番号"
    OTHER_MATTER = "other_matter", "照会した情報と違う"


class LinkEvent(models.TextChoices):
    """What is recorded under 番号法23条."""

    COPY_SENT = "copy_sent", "副本の登録"
    COPY_ANSWERED = "copy_answered", "副本の受付結果"
    INQUIRY_SENT = "inquiry_sent", "照会"
    INQUIRY_ANSWERED = "inquiry_answered", "照会の回答"

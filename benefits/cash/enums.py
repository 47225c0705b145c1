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

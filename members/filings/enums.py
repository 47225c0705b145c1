"""Words of the filings (届), with the labels staff read."""

from django.db import models


class FilingKind(models.TextChoices):
    """届の種別."""

    ACQUISITION = "acquisition", "資格取得届"
    LOSS = "loss", "資格喪失届"
    DEPENDANT = "dependant", "被扶養者異動届"
    NAME_CHANGE = "name_change", "氏名変更届"
    ADDRESS_CHANGE = "address_change", "住所変更届"
    VOLUNTARY = "voluntary", "任意継続資格取得申出書"


class FilingRole(models.TextChoices):
    """Whether a filing says something new, or puts right or takes back one that was processed."""

    NEW = "new", "届"
    CORRECTION = "correction", "訂正届"
    CANCELLATION = "cancellation", "取消届"


class FilingState(models.TextChoices):
    """届の状態."""

    DRAFT = "draft", "下書き"
    RECEIVED = "received", "受付済み"
    WAITING = "waiting", "承認待ち"
    PROCESSED = "processed", "処理済み"
    RETURNED = "returned", "返戻"
    WITHDRAWN = "withdrawn", "取り下げ"
    CORRECTED = "corrected", "訂正済み"
    CANCELLED = "cancelled", "取り消し済み"


OPEN_STATES = (FilingState.RECEIVED, FilingState.WAITING)
"""Received and not finished: our clock of 則24条の4 runs."""


class DependantChange(models.TextChoices):
    """被扶養者の異動."""

    ADD = "add", "追加（認定）"
    REMOVE = "remove", "削除（非該当）"


class ReturnReason(models.TextChoices):
    """返戻の理由."""

    MISSING = "missing", "記載もれ"
    WRONG = "wrong", "記載誤り"
    DOCUMENTS = "documents", "添付書類の不足"
    NOT_OURS = "not_ours", "当組合の加入者ではない"
    DUPLICATE = "duplicate", "重複した届"
    OTHER = "other", "その他"

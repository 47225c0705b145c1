"""Words of the import, with the labels staff read."""

from django.db import models


class ImportKind(models.TextChoices):
    """What a file reports; the codes of `rules.layouts`."""

    MEMBERS = "members", "加入者の一覧"
    ACQUISITION = "acquisition", "資格取得届"
    LOSS = "loss", "資格喪失届"
    DEPENDANT = "dependant", "被扶養者異動届"
    ADDRESS = "address", "住所変更届"
    NAME = "name", "氏名変更届"


class FileState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", "列の対応待ち"
    CHECKING = "checking", "検査中"
    CHECKED = "checked", "確認待ち"
    APPLYING = "applying", "反映中"
    APPLIED = "applied", "反映済み"
    PARTLY = "partly", "一部反映"
    UNREADABLE = "unreadable", "読めないファイル"
    GIVEN_UP = "given_up", "取りやめ"


class Outcome(models.TextChoices):
    """What becomes of a line; the codes of `rules.comparing`."""

    NEW = "new", "追加"
    CHANGED = "changed", "変更"
    UNCHANGED = "unchanged", "変更なし"
    CONFLICT = "conflict", "要確認"
    ERROR = "error", "誤り"

"""Words of standard remuneration."""

from django.db import models


class Decision(models.TextChoices):
    """Why a standard monthly remuneration was set, with the article in `ARTICLES`."""

    ACQUISITION = "acquisition", "資格取得時決定"
    PERIODIC = "periodic", "定時決定"
    REVISION = "revision", "随時改定"
    AFTER_CHILDCARE = "after_childcare", "育児休業等終了時改定"
    AFTER_MATERNITY = "after_maternity", "産前産後休業終了時改定"
    INSURER = "insurer", "保険者算定"
    VOLUNTARY = "voluntary", "任意継続"


ARTICLES = {
    Decision.ACQUISITION: "法42条",
    Decision.PERIODIC: "法41条",
    Decision.REVISION: "法43条",
    Decision.AFTER_CHILDCARE: "法43条の2",
    Decision.AFTER_MATERNITY: "法43条の3",
    Decision.INSURER: "法44条",
    Decision.VOLUNTARY: "法47条",
}


class FileState(models.TextChoices):
    CHECKING = "checking", "確かめ中"
    CHECKED = "checked", "確認待ち"
    APPLYING = "applying", "登録中"
    APPLIED = "applied", "登録済み"
    DISCARDED = "discarded", "取りやめ"


class Outcome(models.TextChoices):
    """What a line of a file will do, or did."""

    WAITING = "waiting", "これから"
    NEW = "new", "新しい決定"
    SAME = "same", "登録済みと同じ"
    ERROR = "error", "誤り"
    APPLIED = "applied", "登録した"

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

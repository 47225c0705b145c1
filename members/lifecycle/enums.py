"""Words of 任意継続 and 年齢到達, with the labels staff read."""

from django.db import models


class AgeKind(models.IntegerChoices):
    """年齢. What each means here: rules/ages.py."""

    CARE_BEGINS = 40, "40歳"
    CARE_ENDS = 65, "65歳"
    ELDERLY_SHARE = 70, "70歳"
    ELDERLY_CARE = 75, "75歳"


AGE_MEANINGS = {
    AgeKind.CARE_BEGINS: "介護保険料の開始",
    AgeKind.CARE_ENDS: "介護保険料の終了",
    AgeKind.ELDERLY_SHARE: "高齢受給者証",
    AgeKind.ELDERLY_CARE: "後期高齢者医療へ（資格喪失）",
}


class AgeState(models.TextChoices):
    PLANNED = "planned", "予定"
    ANNOUNCED = "announced", "予告済み"
    HELD = "held", "要確認"
    PROCESSED = "processed", "処理済み"
    CANCELLED = "cancelled", "取りやめ"


class AgeReason(models.TextChoices):
    """Why an event is held or was given up."""

    ABROAD = "abroad", "国外に住所がある"
    UNABLE = "unable", "資格の登録を変更できない"
    NOT_COVERED = "not_covered", "その日に資格がない"
    BIRTH_CORRECTED = "birth_corrected", "生年月日が訂正された"
    MERGED = "merged", "重複した登録を統合した"
    BY_HAND = "by_hand", "職員が見送った"


class TermState(models.TextChoices):
    RUNNING = "running", "継続中"
    ENDING = "ending", "喪失予定"
    ENDED = "ended", "喪失"
    NEVER = "never", "不成立"
    REFUSED = "refused", "不受理"
    UNDONE = "undone", "取り消し済み"


class EndKind(models.TextChoices):
    """任意継続 ends by (法38条各号, 37条2項)."""

    TERM = "term", "2年の満了"
    DEATH = "death", "死亡"
    NON_PAYMENT = "non_payment", "保険料の未納"
    INSURED = "insured", "被保険者となった"
    SEAMAN = "seaman", "船員保険の被保険者となった"
    ELDERLY = "elderly", "後期高齢者医療の被保険者となった"
    WITHDRAWAL = "withdrawal", "本人の申出"
    FIRST_UNPAID = "first_unpaid", "初回の保険料の未納"

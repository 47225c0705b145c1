"""Words of the member register, with the labels staff read."""

from django.db import models


class Sex(models.TextChoices):
    MALE = "1", "男"
    FEMALE = "2", "女"


class EligibilityKind(models.TextChoices):
    """種別. 強制 by employment (法3条1項), 任意継続 on request (法3条4項, 37条)."""

    COMPULSORY = "compulsory", "強制"
    VOLUNTARY = "voluntary", "任意継続"


class AcquisitionReason(models.TextChoices):
    EMPLOYMENT = "employment", "就職"
    OFFICE_JOINED = "office_joined", "事業所の編入"
    VOLUNTARY = "voluntary", "本人の申出"
    OTHER = "other", "その他"


class LossReason(models.TextChoices):
    """喪失の理由. The day the qualification is lost follows from it (法36条, 38条)."""

    RETIREMENT = "retirement", "退職"
    DEATH = "death", "死亡"
    EXCLUDED = "excluded", "適用除外"
    OFFICE_CLOSED = "office_closed", "事業所の廃止"
    OTHER_INSURER = "other_insurer", "他の保険者の資格取得"
    AGE_75 = "age_75", "75歳到達"
    DISABILITY_65 = "disability_65", "後期高齢者医療（障害認定）"
    TERM_ENDED = "term_ended", "2年の満了"
    NON_PAYMENT = "non_payment", "保険料の未納"
    WITHDRAWAL = "withdrawal", "本人の申出"


class Relation(models.TextChoices):
    """続柄, as certified."""

    HUSBAND = "husband", "夫"
    WIFE = "wife", "妻"
    SON = "son", "子（男）"
    DAUGHTER = "daughter", "子（女）"
    FATHER = "father", "父"
    MOTHER = "mother", "母"
    GRANDCHILD = "grandchild", "孫"
    SIBLING = "sibling", "兄弟姉妹"
    OTHER = "other", "その他"


class DependantEndReason(models.TextChoices):
    EMPLOYED = "employed", "就職"
    INCOME = "income", "収入の増加"
    DIVORCE = "divorce", "離婚"
    DEATH = "death", "死亡"
    INSURED_LEFT = "insured_left", "被保険者の資格喪失"
    AGE_75 = "age_75", "75歳到達"
    OTHER = "other", "その他"


class ContactKind(models.TextChoices):
    PHONE = "phone", "電話"
    MOBILE = "mobile", "携帯電話"
    EMAIL = "email", "メール"


class ProtectionKind(models.TextChoices):
    SUPPORT_MEASURES = "support_measures", "支援措置"
    STAFF = "staff", "組合の職員"
    STAFF_FAMILY = "staff_family", "職員の家族"


class ChangeKind(models.TextChoices):
    """届の種別."""

    NAME_CHANGE = "name_change", "氏名変更届"
    NAME_CORRECTION = "name_correction", "氏名訂正"
    ADDRESS_CHANGE = "address_change", "住所変更届"
    ADDRESS_CORRECTION = "address_correction", "住所訂正"
    CONTACT_CHANGE = "contact_change", "連絡先の申出"


class Status(models.TextChoices):
    """資格の状態 on a day."""

    ACTIVE = "active", "有効"
    VOLUNTARY = "voluntary", "任意継続"
    ENDED = "ended", "喪失"
    FUTURE = "future", "取得予定"
    NONE = "none", "資格なし"

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
    TRANSFER = "transfer", "事業所の変更"
    REEMPLOYED = "reemployed", "再雇用（同日得喪）"
    VOLUNTARY = "voluntary", "本人の申出"
    OTHER = "other", "その他"


class LossReason(models.TextChoices):
    """喪失の理由. The day the qualification is lost follows from it (法36条, 38条)."""

    RETIREMENT = "retirement", "退職"
    DEATH = "death", "死亡"
    EXCLUDED = "excluded", "適用除外"
    OFFICE_CLOSED = "office_closed", "事業所の廃止"
    OTHER_INSURER = "other_insurer", "他の保険者の資格取得"
    EMPLOYED_AGAIN = "employed_again", "就職（被保険者となった）"
    TRANSFER = "transfer", "事業所の変更"
    REEMPLOYED = "reemployed", "再雇用（同日得喪）"
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


class MailingReason(models.TextChoices):
    """送付先を住所と別にする理由."""

    HOSPITAL = "hospital", "入院・入所"
    RELATIVE = "relative", "家族が受け取る"
    GUARDIAN = "guardian", "成年後見人等"
    TEMPORARY = "temporary", "一時的な滞在"
    ABROAD = "abroad", "国外に居住"
    OTHER = "other", "その他"


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
    OTHER_NAMES = "other_names", "通称等の登録"
    SEX_CHANGE = "sex_change", "性別の変更"
    MAILING_ADDRESS = "mailing_address", "送付先の申出"
    ACQUISITION = "acquisition", "資格取得届"
    ACQUISITION_FIXED = "acquisition_fixed", "資格取得日の訂正届"
    ACQUISITION_UNDONE = "acquisition_undone", "資格取得の取消届"
    LOSS = "loss", "資格喪失届"
    LOSS_FIXED = "loss_fixed", "資格喪失日の訂正届"
    LOSS_UNDONE = "loss_undone", "資格喪失の取消届"
    TRANSFER = "transfer", "事業所の変更"
    CERTIFIED = "certified", "被扶養者の認定"
    REMOVED = "removed", "被扶養者の削除"
    CERTIFICATION_FIXED = "certification_fixed", "認定日の訂正"
    CERTIFICATION_UNDONE = "certification_undone", "被扶養者の認定の取り消し"
    REMOVAL_FIXED = "removal_fixed", "削除日の訂正"
    REMOVAL_UNDONE = "removal_undone", "被扶養者の削除の取り消し"
    VOLUNTARY = "voluntary", "任意継続資格取得申出書"
    VOLUNTARY_END = "voluntary_end", "任意継続資格喪失"
    CONCURRENT = "concurrent", "二以上事業所勤務届"
    CONCURRENT_END = "concurrent_end", "二以上勤務の終わり"
    MAIN_EMPLOYER = "main_employer", "主たる事業所の選択"
    SAME_PERSON = "same_person", "同じ人の登録の結び付け"
    MERGED = "merged", "重複した登録の統合"
    NUMBER_CHANGE = "number_change", "記号・番号の変更"
    PROTECTED = "protected", "保護の登録"
    PROTECTION_CLERKS = "protection_clerks", "保護の担当者の変更"
    PROTECTION_ENDED = "protection_ended", "保護の解除"


class Status(models.TextChoices):
    """資格の状態 on a day."""

    ACTIVE = "active", "有効"
    VOLUNTARY = "voluntary", "任意継続"
    ENDING = "ending", "喪失予定"
    ENDED = "ended", "喪失"
    FUTURE = "future", "取得予定"
    NONE = "none", "資格なし"
    MERGED = "merged", "統合済み"

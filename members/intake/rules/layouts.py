"""The files that can be taken in, column by column. The check, the template and the help all come from here.

Codes of columns are names of fields; codes of values are those of the register (`enrollment.enums`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kumiai.tabular import columns
from kumiai.tabular.columns import Column, Layout
from kumiai.ui.formats import format_wareki_short

MALE, FEMALE = "1", "2"
SEXES = {MALE: "男", FEMALE: "女"}
_SEX_WORDS = {"1": MALE, "2": FEMALE, "M": MALE, "F": FEMALE, "男性": MALE, "女性": FEMALE, "01": MALE, "02": FEMALE}

RELATIONS = {
    "self": "本人",
    "husband": "夫",
    "wife": "妻",
    "son": "子（男）",
    "daughter": "子（女）",
    "father": "父",
    "mother": "母",
    "grandchild": "孫",
    "sibling": "兄弟姉妹",
    "other": "その他",
}
_SONS = ("長男", "次男", "二男", "三男", "四男", "五男", "息子", "養子（男）")
_DAUGHTERS = ("長女", "次女", "二女", "三女", "四女", "五女", "娘", "養女", "養子（女）")
_SIBLINGS = ("兄", "姉", "弟", "妹")
_OTHERS = (
    "義父",
    "義母",
    "祖父",
    "祖母",
    "曾祖父",
    "曾祖母",
    "曾孫",
    "おじ",
    "おば",
    "おい",
    "めい",
    "配偶者の父",
    "配偶者の母",
)
_RELATION_WORDS = (
    {"被保険者": "self"}
    | dict.fromkeys(_SONS, "son")
    | dict.fromkeys(_DAUGHTERS, "daughter")
    | dict.fromkeys(_SIBLINGS, "sibling")
    | dict.fromkeys(_OTHERS, "other")
    | {"実父": "father", "実母": "mother", "養父": "father", "養母": "mother"}
    | {"00": "self", "01": "husband", "02": "wife", "03": "son", "04": "daughter", "05": "father", "06": "mother"}
    | {"07": "grandchild", "08": "sibling", "99": "other"}
)

KINDS = {"compulsory": "強制", "voluntary": "任意継続"}
_KIND_WORDS = {"一般": "compulsory", "強制被保険者": "compulsory", "任継": "voluntary", "任意継続被保険者": "voluntary"}

ACQUISITION_REASONS = {
    "employment": "就職",
    "office_joined": "事業所の編入",
    "reemployed": "再雇用（同日得喪）",
    "other": "その他",
}
# Figures: the codes of 資格喪失届 as printed on the form.
LOSS_REASONS = {
    "retirement": "退職",
    "death": "死亡",
    "excluded": "適用除外",
    "office_closed": "事業所の廃止",
    "reemployed": "再雇用（同日得喪）",
    "age_75": "75歳到達",
    "disability_65": "後期高齢者医療（障害認定）",
    "other_insurer": "他の保険者の資格取得",
}
_LOSS_WORDS = {
    "4": "retirement", "5": "death", "7": "age_75", "9": "disability_65",
    "退職等": "retirement", "障害認定": "disability_65", "転職": "retirement",
}  # fmt: skip
END_REASONS = {
    "employed": "就職",
    "income": "収入の増加",
    "divorce": "離婚",
    "death": "死亡",
    "age_75": "75歳到達",
    "other": "その他",
}
_END_WORDS = {"収入増加": "income", "収入増": "income", "後期高齢者": "age_75", "死亡のため": "death"}
CHANGES = {"add": "追加", "remove": "削除"}
_CHANGE_WORDS = {
    "1": "add",
    "2": "remove",
    "認定": "add",
    "該当": "add",
    "非該当": "remove",
    "取消": "remove",
    "扶養": "add",
}

# --- Columns that several kinds share -----------------------------------------------------------------------------------

SYMBOL = Column(
    "symbol", "記号", columns.symbol(8), aliases=("被保険者記号", "被保険者証等の記号", "事業所記号", "健保記号", "証記号"),
    hint="空のときは、選んだ事業所の記号", example="12",
)  # fmt: skip
NUMBER = Column(
    "number", "番号", columns.number(8), required=True,
    aliases=("被保険者番号", "被保険者証等の番号", "健保番号", "証番号", "被保険者等番号", "保険証番号"), example="3456",
)  # fmt: skip
BRANCH = Column(
    "branch", "枝番", columns.digits(2, pad=2), aliases=("被保険者証等の枝番", "枝番号"), default="00",
    hint="空のときは 00（被保険者本人）", example="00",
)  # fmt: skip
FAMILY_NAME = Column(
    "family_name", "氏", columns.name(60), aliases=("姓", "氏（漢字）", "苗字", "漢字姓"), example="阿久津"
)
GIVEN_NAME = Column("given_name", "名", columns.name(60), aliases=("名前", "名（漢字）", "漢字名"), example="薫")
FULL_NAME = Column(
    "full_name", "氏名", columns.name(120),
    aliases=("漢字氏名", "被保険者氏名", "社員氏名", "従業員氏名", "氏名（漢字）", "被扶養者氏名", "お名前"),
    hint="氏と名の間に空白を一つ。氏・名の列があれば要りません", example="阿久津 薫",
)  # fmt: skip
FAMILY_KANA = Column("family_kana", "氏カナ", columns.kana(60), aliases=("姓カナ", "セイ", "カナ姓", "氏（カナ）", "フリガナ（氏）"), example="アクツ")  # fmt: skip
GIVEN_KANA = Column("given_kana", "名カナ", columns.kana(60), aliases=("メイ", "カナ名", "名（カナ）", "フリガナ（名）"), example="カオル")  # fmt: skip
FULL_KANA = Column(
    "full_kana", "フリガナ", columns.kana(120),
    aliases=("カナ氏名", "氏名カナ", "氏名（カナ）", "ふりがな", "カナ", "氏名フリガナ"),
    hint="氏カナ・名カナの列があれば要りません", example="アクツ カオル",
)  # fmt: skip
NAMES = (FAMILY_NAME, GIVEN_NAME, FULL_NAME, FAMILY_KANA, GIVEN_KANA, FULL_KANA)
EITHER_NAME = (("family_name", "full_name"), ("family_kana", "full_kana"))
BIRTH_DATE = Column(
    "birth_date", "生年月日", columns.day(), required=True, aliases=("誕生日", "生年月日（和暦）", "生年月日（西暦）"),
    example="H9.3.2",
)  # fmt: skip
SEX = Column("sex", "性別", columns.choice(_SEX_WORDS, SEXES), required=True, aliases=("性別区分", "性"), example="男")
POSTAL_CODE = Column("postal_code", "郵便番号", columns.postal_code(), aliases=("〒",), example="105-0011")
TOWN = Column(
    "town", "住所", columns.text(120), aliases=("住所1", "住所（漢字）", "現住所", "都道府県・市区町村・町域", "自宅住所"),
    hint="都道府県から町域まで", example="東京都港区芝公園",
)  # fmt: skip
STREET = Column(
    "street", "番地・建物", columns.text(120), aliases=("番地", "住所2", "建物名", "番地建物"), example="4-2-8"
)
ADDRESS = (POSTAL_CODE, TOWN, STREET)


def _date(
    code: str, title: str, *aliases: str, required: bool = False, hint: str = "", example: str = "R8.11.1"
) -> Column:
    return Column(code, title, columns.day(), required=required, aliases=aliases, hint=hint, example=example)


CHANGED_DATE = _date("change_date", "変更日", "異動日", "変更年月日", "異動年月日", hint="空のときは収受日")

MEMBERS = Layout(
    "members",
    "加入者の一覧",
    (
        SYMBOL, NUMBER, BRANCH, *NAMES, BIRTH_DATE, SEX,
        Column("relation", "続柄", columns.choice(_RELATION_WORDS, RELATIONS), aliases=("続柄名", "続柄区分"),
               hint="枝番が 00 でない人には必ず", example="本人"),
        Column("kind", "種別", columns.choice(_KIND_WORDS, KINDS), aliases=("被保険者種別",), default="compulsory",
               hint="空のときは強制", example="強制"),
        _date("start", "資格取得日", "取得日", "資格取得年月日", "認定日", "認定年月日", "加入日", hint="被扶養者は認定日。新しい人には必ず"),
        _date("end", "資格喪失日", "喪失日", "資格喪失年月日", "削除日", hint="やめた人だけ", example=""),
        Column("loss_reason", "喪失理由", columns.choice(_LOSS_WORDS, LOSS_REASONS), aliases=("喪失原因", "資格喪失理由"),
               hint="喪失日があるときは必ず（被保険者）", example=""),
        Column("end_reason", "削除理由", columns.choice(_END_WORDS, END_REASONS), hint="喪失日があるときは必ず（被扶養者）", example=""),
        *ADDRESS, CHANGED_DATE,
    ),
    either=EITHER_NAME,
)  # fmt: skip

ACQUISITION = Layout(
    "acquisition",
    "資格取得届",
    (
        SYMBOL,
        replace(NUMBER, required=False, hint="空のときは、事業所の次の番号"),
        *NAMES, BIRTH_DATE, SEX,
        _date("start", "資格取得日", "取得日", "資格取得年月日", "取得年月日", "入社日", required=True),
        Column("reason", "取得理由", columns.choice({"新規": "employment", "入社": "employment"}, ACQUISITION_REASONS),
               aliases=("取得区分", "資格取得理由"), default="employment", hint="空のときは就職", example="就職"),
        *ADDRESS,
    ),
    either=EITHER_NAME,
)  # fmt: skip

LOSS = Layout(
    "loss",
    "資格喪失届",
    (
        SYMBOL, NUMBER, FULL_NAME, BIRTH_DATE,
        _date("end", "資格喪失日", "喪失日", "資格喪失年月日", "喪失年月日", required=True, hint="退職の日の翌日"),
        Column("loss_reason", "喪失理由", columns.choice(_LOSS_WORDS, LOSS_REASONS), required=True,
               aliases=("喪失原因", "資格喪失理由", "喪失（不該当）原因"), example="退職"),
    ),
)  # fmt: skip

DEPENDANT = Layout(
    "dependant",
    "被扶養者異動届",
    (
        SYMBOL, NUMBER,
        replace(BRANCH, default="", hint="追加のときは空でもかまいません。空のときは次の枝番", example=""),
        Column("change", "異動の別", columns.choice(_CHANGE_WORDS, CHANGES), required=True, aliases=("異動区分", "届出区分", "区分"),
               example="追加"),
        *NAMES, BIRTH_DATE,
        replace(SEX, required=False, hint="追加のときは必ず"),
        Column("relation", "続柄", columns.choice(_RELATION_WORDS, RELATIONS),
               aliases=("続柄名", "続柄区分"), hint="追加のときは必ず", example="子（男）"),
        _date("change_date", "異動日", "認定日", "削除日", "被扶養者になった日", "異動年月日", required=True),
        Column("end_reason", "削除理由", columns.choice(_END_WORDS, END_REASONS), aliases=("理由",), hint="削除のときは必ず", example=""),
        *ADDRESS,
    ),
    either=(("family_name", "full_name"),),
)  # fmt: skip

ADDRESS_CHANGE = Layout(
    "address",
    "住所変更届",
    (
        SYMBOL, NUMBER, BRANCH, FULL_NAME, BIRTH_DATE, POSTAL_CODE,
        replace(TOWN, required=True, aliases=(*TOWN.aliases, "変更後住所", "新住所")),
        STREET, CHANGED_DATE,
    ),
)  # fmt: skip

NAME_CHANGE = Layout(
    "name",
    "氏名変更届",
    (SYMBOL, NUMBER, BRANCH, *NAMES, BIRTH_DATE, CHANGED_DATE),
    either=EITHER_NAME,
)

LAYOUTS = {one.code: one for one in (MEMBERS, ACQUISITION, LOSS, DEPENDANT, ADDRESS_CHANGE, NAME_CHANGE)}


def title_of(layout: Layout, code: str) -> str:
    """The head of a column; 行 for what concerns the whole row."""
    return layout.column(code).title if code in layout.codes else "行"


def split_names(values: dict[str, str]) -> dict[str, str]:
    """氏名 and フリガナ into their parts at the first space. The parts, where given, stand."""
    found = dict(values)
    for whole, first, rest in (("full_name", "family_name", "given_name"), ("full_kana", "family_kana", "given_kana")):
        text = found.pop(whole, "")
        if text and not found.get(first):
            parts = text.replace("\u3000", " ").split(" ", 1)
            found[first] = parts[0]
            if len(parts) > 1:
                found[rest] = parts[1].strip()
    return found


# Columns whose values are codes, with the words for them.
LABELED = {
    "sex": SEXES,
    "relation": RELATIONS,
    "kind": KINDS,
    "reason": ACQUISITION_REASONS,
    "loss_reason": LOSS_REASONS,
    "end_reason": END_REASONS,
    "change": CHANGES,
}


def shown_value(column: Column, value: str) -> str:
    """A value of a line as text a clerk reads and can type again."""
    if not value:
        return ""
    if column.code in LABELED:
        return LABELED[column.code].get(value, value)
    if column.kind.word == "日付":
        try:
            return format_wareki_short(date.fromisoformat(value))
        except ValueError:
            return value
    return value

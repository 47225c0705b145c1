"""What the checks of a filing find: each finding says how bad it is, what is the matter, where it is written, what to do.

Pure: the facts come in, the findings go out. The person a finding is about is named by number, so that the screen can
link to them; a sentence never carries a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kumiai.ui.formats import format_wareki
from members.filings.rules.codes import Change, Kind, Level, Role
from members.filings.rules.deadlines import Deadline, days_late
from members.lifecycle.rules.voluntary import Decision


@dataclass(frozen=True)
class Finding:
    """level: error stops the processing, warning asks to look, info only tells. field: the field of the form it is
    about, "" for the filing as a whole. member_id: the person to look at, None where there is none."""

    level: str
    code: str
    sentence: str
    remedy: str = ""
    article: str = ""
    field: str = ""
    member_id: int | None = None
    number: str = ""


@dataclass(frozen=True)
class Span:
    """A period of qualification: from, until (not including; None while it lasts)."""

    start: date
    end: date | None
    voluntary: bool = False
    employer_id: int | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps_from(self, day: date) -> bool:
        """Whether a period open from `day` would overlap this one."""
        return self.end is None or day < self.end


@dataclass(frozen=True)
class Known:
    """A registered person as the checks need them."""

    member_id: int
    number: str
    protected: bool = False
    covered: bool = False


@dataclass(frozen=True)
class Facts:
    """All the checks look at. values: the cleaned fields of the form."""

    kind: str
    role: str
    today: date
    received: date
    effective: date
    values: dict[str, Any]
    deadline: Deadline | None = None
    employer_start: date | None = None
    employer_end: date | None = None
    employer_id: int | None = None
    member: Known | None = None
    spans: tuple[Span, ...] = ()
    similar: tuple[Known, ...] = ()
    number_holder: Known | None = None
    dependants: tuple[Known, ...] = ()
    dependant: Known | None = None
    dependant_spans: tuple[Span, ...] = ()
    open_twins: tuple[str, ...] = field(default_factory=tuple)
    town_of_postal_code: str = ""
    decision: Decision | None = None


def check(facts: Facts) -> list[Finding]:
    """Everything the checks find, errors first."""
    found: list[Finding] = list(_lateness(facts))
    if facts.role == Role.NEW:
        found += _twins(facts)
        found += _employer(facts)
        found += _address(facts)
        found += _BY_KIND[Kind(facts.kind)](facts)
        found += _names(facts)
    elif facts.role == Role.CORRECTION:
        found += _employer(facts)
    weight = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}
    return sorted(found, key=lambda finding: weight[Level(finding.level)])


def _lateness(facts: Facts) -> Iterator[Finding]:
    late = days_late(facts.deadline, facts.received)
    if facts.role != Role.NEW or facts.deadline is None:
        return
    if facts.kind == Kind.VOLUNTARY:
        if late and not facts.values.get("just_cause"):
            yield Finding(
                Level.ERROR, "voluntary_late", f"申出の期限（{format_wareki(facts.deadline.due)}）を{late}日過ぎています。",
                "遅れた理由を確かめ、正当な理由と認めるときは「正当な理由を認める」を選んでください。認めないときは返戻してください。", "法37条1項", "late_reason",
            )  # fmt: skip
        elif late:
            yield Finding(
                Level.WARNING, "voluntary_late_reason", f"申出の期限を{late}日過ぎましたが、正当な理由を認めています。",
                "理由の書かれた申出書を添付してください。", "法37条1項ただし書", "late_reason",
            )  # fmt: skip
    elif late:
        yield Finding(
            Level.INFO, "late", f"届出が{late}日遅れています。期限は{format_wareki(facts.deadline.due)}でした。",
            "処理はできます。遅れが続く事業所には、期限を伝えてください。", facts.deadline.article, "received_date",
        )  # fmt: skip
    if facts.received < facts.effective and facts.kind != Kind.LOSS:
        yield Finding(
            Level.WARNING, "ahead", "事実の日が、届を受け付けた日より後です。",
            "事実の前に出された届です。日付を確かめてください。", "", "effective_date",
        )  # fmt: skip


def _twins(facts: Facts) -> Iterator[Finding]:
    for number in facts.open_twins:
        yield Finding(
            Level.WARNING, "twin", f"同じ人の同じ届 {number} を、すでに受け付けています。",
            "二重に入力していないかを確かめ、要らないほうを取り下げてください。",
        )  # fmt: skip


def _employer(facts: Facts) -> Iterator[Finding]:
    if facts.kind == Kind.VOLUNTARY:
        return
    start, end = facts.employer_start, facts.employer_end
    if start and facts.effective < start:
        yield Finding(
            Level.ERROR, "before_employer", f"この事業所が組合に加入した日（{format_wareki(start)}）より前です。",
            "日付か事業所の記号を確かめてください。編入前の期間は、ここでは登録できません。", "法31条", "effective_date",
        )  # fmt: skip
    # The last people of an office lose their qualification on the day it ends.
    if end and (facts.effective > end if facts.kind == Kind.LOSS else facts.effective >= end):
        yield Finding(
            Level.ERROR, "after_employer", f"この事業所は{format_wareki(end)}に組合から外れています。",
            "日付か事業所の記号を確かめてください。", "", "effective_date",
        )  # fmt: skip


def _address(facts: Facts) -> Iterator[Finding]:
    values = facts.values
    if not values.get("postal_code"):
        return
    if not facts.town_of_postal_code:
        yield Finding(
            Level.WARNING, "postal_unknown", "この郵便番号の町名が見つかりません。",
            "郵便番号を確かめてください。新しい番号や大口事業所の番号なら、このままでかまいません。", "", "postal_code",
        )  # fmt: skip
    elif values.get("town") and not _same_town(str(values["town"]), facts.town_of_postal_code):
        yield Finding(
            Level.WARNING, "postal_differs", f"郵便番号の町名は「{facts.town_of_postal_code}」です。住所と合いません。",
            "郵便番号と住所のどちらが正しいかを確かめてください。", "", "town",
        )  # fmt: skip


def _same_town(town: str, expected: str) -> bool:
    plain, wanted = town.replace(" ", "").replace("　", ""), expected.replace(" ", "")
    return plain.startswith(wanted) or wanted.startswith(plain) or wanted[3:] in plain


def _names(facts: Facts) -> Iterator[Finding]:
    values = facts.values
    if "family_name" not in values or values.get("change") == Change.REMOVE:
        return
    names = f"{values.get('family_name', '')}{values.get('given_name', '')}"
    if any(ch.isascii() and ch.isalpha() for ch in names):
        yield Finding(
            Level.WARNING, "alphabet", "氏名がローマ字で書かれています。",
            "届の氏名のとおりかを確かめてください。片仮名の氏名とローマ字氏名を分けて登録できます。", "", "family_name",
        )  # fmt: skip
    if values.get("family_kana") and not values.get("given_kana") and values.get("given_name"):
        yield Finding(
            Level.WARNING, "kana_missing", "名のフリガナがありません。", "届のフリガナを確かめてください。", "則24条1項1号", "given_kana",
        )  # fmt: skip


def _birth(facts: Facts, birth: date | None) -> Iterator[Finding]:
    if birth is None:
        return
    if birth > facts.effective:
        yield Finding(
            Level.ERROR,
            "born_after",
            "生年月日が、事実の日より後です。",
            "どちらかの日付を直してください。",
            "",
            "birth_date",
        )
        return
    age = facts.effective.year - birth.year - ((facts.effective.month, facts.effective.day) < (birth.month, birth.day))
    if age >= 75:
        yield Finding(
            Level.ERROR, "age_75", "75歳以上の人は、後期高齢者医療の被保険者です。加入者にはなりません。",
            "生年月日を確かめてください。正しければ、届を返戻してください。", "法3条1項7号・高確法50条", "birth_date",
        )  # fmt: skip
    elif facts.kind == Kind.ACQUISITION and age < 15:
        yield Finding(
            Level.WARNING,
            "young",
            f"資格を取得する日に{age}歳です。",
            "生年月日の年号を確かめてください。",
            "",
            "birth_date",
        )


def _similar(facts: Facts) -> Iterator[Finding]:
    returning = facts.values.get("returning_id")
    for person in facts.similar:
        if person.member_id == returning:
            continue
        if person.covered:
            sure = facts.values.get("different_person")
            yield Finding(
                Level.INFO if sure else Level.ERROR,
                "duplicate_confirmed" if sure else "duplicate",
                f"生年月日と氏名のカナが同じ人が、{person.number} で資格をもっています。"
                + ("別人と確かめてあります。" if sure else ""),
                "" if sure else "同じ人なら、前の資格の喪失届を先に処理してください（任意継続の人は「以前の記号-番号」に入れます）。別人なら「別人と確かめた」を選んでください。",
                "法3条1項", "family_name", person.member_id, person.number,
            )  # fmt: skip
        else:
            yield Finding(
                Level.WARNING, "returning", f"生年月日と氏名のカナが同じ人が、以前 {person.number} で加入していました。",
                "同じ人なら「以前の記号-番号」に入れると、前の記録とつながります。別人ならこのまま処理できます。",
                "", "returning_number", person.member_id, person.number,
            )  # fmt: skip


def _overlap(facts: Facts) -> Iterator[Finding]:
    for span in facts.spans:
        if span.voluntary and span.start < facts.effective and span.overlaps_from(facts.effective):
            yield Finding(
                Level.INFO, "voluntary_ends", "この人の任意継続は、資格を取得した日に終わります。", "", "法38条4号", "effective_date",
                facts.member.member_id if facts.member else None, facts.member.number if facts.member else "",
            )  # fmt: skip
        elif span.overlaps_from(facts.effective):
            until = f"{format_wareki(span.end)}の前日まで" if span.end else "喪失していません"
            yield Finding(
                Level.ERROR, "overlap", f"{format_wareki(span.start)}からの資格と重なります（{until}）。",
                "前の資格の喪失日を確かめてください。同日得喪は、先に喪失届を処理すると登録できます。", "法36条", "effective_date",
                facts.member.member_id if facts.member else None, facts.member.number if facts.member else "",
            )  # fmt: skip
            return


def _acquisition(facts: Facts) -> Iterator[Finding]:
    yield from _birth(facts, facts.values.get("birth_date"))
    yield from _similar(facts)
    yield from _overlap(facts)
    if facts.number_holder is not None:
        yield Finding(
            Level.ERROR, "number_used", f"番号 {facts.number_holder.number} は、ほかの加入者が使っています。",
            "番号を空けておくと、次の空き番号を付けます。", "", "number", facts.number_holder.member_id, facts.number_holder.number,
        )  # fmt: skip
    if facts.values.get("has_dependants"):
        yield Finding(
            Level.INFO, "dependants_follow", "被扶養者がある届です。", "被扶養者異動届が添付されているかを確かめてください。", "則24条3項",
        )  # fmt: skip


def _missing_member(facts: Facts) -> Iterator[Finding]:
    if facts.member is None:
        yield Finding(
            Level.ERROR, "no_member", "この記号-番号の加入者が見つかりません。", "記号と番号を届で確かめてください。", "", "member_number",
        )  # fmt: skip


def _loss(facts: Facts) -> Iterator[Finding]:
    yield from _missing_member(facts)
    if facts.member is None:
        return
    current = next((span for span in facts.spans if span.end is None), None)
    if current is None:
        last = max((span.end for span in facts.spans if span.end), default=None)
        yield Finding(
            Level.ERROR, "already_lost", f"この人の資格は、{format_wareki(last) if last else '登録がなく'}{'に喪失しています' if last else '喪失できません'}。",
            "喪失日を直すときは、前の喪失届の「訂正」から入力してください。", "", "member_number", facts.member.member_id, facts.member.number,
        )  # fmt: skip
        return
    if current.voluntary:
        yield Finding(
            Level.ERROR, "voluntary_member", "この人は任意継続被保険者です。資格喪失届の対象ではありません。",
            "任意継続の画面から終わりを登録してください。", "則29条・法38条", "member_number", facts.member.member_id, facts.member.number,
        )  # fmt: skip
    if facts.effective <= current.start:
        yield Finding(
            Level.ERROR, "before_acquisition", f"資格を取得した日（{format_wareki(current.start)}）以前の日です。",
            "喪失日を確かめてください。使われなかった資格は、資格取得届の「取り消し」で消します。", "法36条", "effective_date",
        )  # fmt: skip
    if facts.employer_id and current.employer_id and facts.employer_id != current.employer_id:
        yield Finding(
            Level.ERROR, "other_employer", "この人は、別の事業所の被保険者です。", "事業所の記号と番号を確かめてください。", "", "employer",
            facts.member.member_id, facts.member.number,
        )  # fmt: skip
    expected, event = facts.values.get("expected_loss_date"), facts.values.get("event_date")
    if expected and event and facts.effective != expected:
        yield Finding(
            Level.ERROR, "loss_day", f"喪失日は、{format_wareki(event)}の{'翌日' if expected > event else 'その日'}の{format_wareki(expected)}です。",
            "退職や死亡のときは、その翌日に資格を喪失します。日付を直してください。", "法36条", "effective_date",
        )  # fmt: skip
    if facts.effective > facts.today:
        yield Finding(
            Level.INFO, "future_loss", "喪失日が今日より後です。", "その日から資格が切れます。前の日までは有効です。", "", "effective_date",
        )  # fmt: skip
    if facts.dependants:
        yield Finding(
            Level.WARNING, "dependants_end", f"被扶養者が{len(facts.dependants)}名います。同じ日に全員の資格が終わります。",
            "死亡のときは、遺族に次の加入先の手続を伝えてください。", "法3条7項", "", facts.member.member_id, facts.member.number,
        )  # fmt: skip


def _dependant(facts: Facts) -> Iterator[Finding]:
    yield from _missing_member(facts)
    if facts.member is None:
        return
    if not any(span.holds(facts.effective) for span in facts.spans):
        yield Finding(
            Level.ERROR, "insured_not_covered", "その日に、被保険者の資格がありません。",
            "日付を確かめてください。資格取得届がまだなら、先に処理してください。", "法3条7項", "effective_date",
            facts.member.member_id, facts.member.number,
        )  # fmt: skip
    if facts.values.get("change") == Change.REMOVE:
        if facts.dependant is None:
            yield Finding(
                Level.ERROR, "no_dependant", "この枝番の被扶養者がいません。",
                "被保険者の世帯で枝番を確かめてください。", "", "branch", facts.member.member_id, facts.member.number,
            )  # fmt: skip
        elif not any(
            span.overlaps_from(facts.effective) and span.start < facts.effective for span in facts.dependant_spans
        ):
            yield Finding(
                Level.ERROR, "not_dependant", "その日に、この人は被扶養者ではありません。", "削除の日を確かめてください。", "", "effective_date",
                facts.dependant.member_id, facts.dependant.number,
            )  # fmt: skip
        return
    yield from _birth(facts, facts.values.get("birth_date"))
    yield from _similar(facts)
    for span in facts.dependant_spans:
        if span.overlaps_from(facts.effective):
            yield Finding(
                Level.ERROR, "dependant_overlap", "この人は、その日に被扶養者として登録されています。", "認定日を確かめてください。", "", "effective_date",
                facts.dependant.member_id if facts.dependant else None, facts.dependant.number if facts.dependant else "",
            )  # fmt: skip
            break
    if facts.values.get("relation") == "other" and not facts.values.get("same_household"):
        yield Finding(
            Level.WARNING, "household", "この続柄の人は、同一の世帯に属することが要ります。",
            "同居を始めた日と扶養の理由を、届で確かめてください。", "法3条7項・則38条1項2号", "relation",
        )  # fmt: skip
    if facts.values.get("country"):
        yield Finding(
            Level.WARNING, "dependant_abroad", "被扶養者は、日本国内に住所があることが要ります。",
            "留学・海外赴任への同行など、例外にあたるかを添付書類で確かめてください。あたらないときは返戻してください。",
            "法3条7項・則37条の2", "country",
        )  # fmt: skip
    if facts.values.get("same_household") and (facts.values.get("town") or facts.values.get("country")):
        yield Finding(
            Level.WARNING, "household_address", "同居しているとされていますが、被保険者と違う住所が書かれています。",
            "同居か別居かを確かめてください。同居なら住所を空けると、被保険者の住所になります。", "", "town",
        )  # fmt: skip
    if facts.values.get("birth_date") and facts.received - facts.effective > timedelta(days=90):
        yield Finding(
            Level.WARNING, "old_certification", "認定日が、届を受け付けた日より90日以上前です。",
            "さかのぼって認定する根拠（出生・婚姻の日など）を確かめてください。", "", "effective_date",
        )  # fmt: skip


def _change(facts: Facts) -> Iterator[Finding]:
    yield from _missing_member(facts)
    if facts.member is None:
        return
    if not facts.member.covered:
        yield Finding(
            Level.WARNING, "not_covered", "この人は、いま資格がありません。", "喪失した後の届かを確かめてください。", "", "member_number",
            facts.member.member_id, facts.member.number,
        )  # fmt: skip


def _voluntary(facts: Facts) -> Iterator[Finding]:
    yield from _missing_member(facts)
    if facts.member is None:
        return
    known = facts.member.member_id, facts.member.number
    compulsory = sorted((span for span in facts.spans if not span.voluntary), key=lambda span: span.start)
    last = compulsory[-1] if compulsory else None
    if last is None or last.end is None:
        yield Finding(
            Level.ERROR,
            "not_lost",
            "この人は、まだ資格を喪失していません。",
            "資格喪失届を先に処理してください。",
            "法3条4項",
            "member_number",
            *known,
        )
        return
    if last.end != facts.effective:
        yield Finding(
            Level.ERROR,
            "loss_differs",
            f"登録されている喪失日は{format_wareki(last.end)}です。",
            "喪失した年月日を確かめてください。",
            "則42条2号",
            "effective_date",
            *known,
        )
    if facts.decision is not None:
        for test in facts.decision.failed:
            if test.code == "deadline" and facts.received >= facts.effective:
                continue  # said by the lateness of the filing itself
            yield Finding(
                Level.ERROR, f"voluntary_{test.code}", f"要件を満たしません：{test.label}は「{_figure(test.figure)}」です（{test.detail}）。",
                "満たさないときは、申出書を返戻してください。", test.article, "effective_date", *known,
            )  # fmt: skip
    if any(span.overlaps_from(facts.effective) for span in facts.spans if span is not last):
        yield Finding(
            Level.ERROR,
            "overlap",
            "その日より後に、別の資格があります。",
            "資格の記録を確かめてください。",
            "法38条",
            "effective_date",
            *known,
        )


def _figure(figure: date | int | str) -> str:
    return format_wareki(figure) if isinstance(figure, date) else str(figure)


_BY_KIND = {
    Kind.ACQUISITION: _acquisition,
    Kind.LOSS: _loss,
    Kind.DEPENDANT: _dependant,
    Kind.NAME_CHANGE: _change,
    Kind.ADDRESS_CHANGE: _change,
    Kind.VOLUNTARY: _voluntary,
}

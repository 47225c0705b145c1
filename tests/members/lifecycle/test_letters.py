"""Letters of 年齢到達 and 任意継続: the words, whom the door lets them go to, and the PDF."""

from datetime import date

import pytest

from members.lifecycle import outputs
from members.lifecycle.actions import planning
from members.lifecycle.activities import LIFECYCLE_OUTPUT
from members.lifecycle.files import letters
from members.lifecycle.models import AgeEvent
from privacy.outputs.door import pass_people, pass_rows
from privacy.outputs.enums import FileFormat, Removal
from privacy.outputs.kinds import Document, Footer, Order, kind_of
from privacy.outputs.queries import themselves
from privacy.scope import scope
from tests.kumiai.documents.reading import pages_of

DECEMBER = {"first": date(2026, 12, 1), "last": date(2026, 12, 31), "age": None}


def age_values(age, effect, **more):
    return {"age": age, "birth_date": "1951-12-24", "reached_date": "2026-12-23", "event_date": effect,
            "role": letters.INSURED, "dependants": 0} | more  # fmt: skip


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (age_values(40, "2026-12-23"), "令和8年12月分から、健康保険の保険料に介護保険料を合わせて"),
        (
            age_values(65, "2026-12-23"),
            "令和8年12月分から、健康保険の保険料に合わせて納めていただく介護保険料はなくなります",
        ),
        (age_values(70, "2027-01-01"), "割合は2割です。現役並みの所得がある方とその被扶養者は3割です。"),
        (age_values(75, "2026-12-24", dependants=2), "あなたの被扶養者 2名も、同じ日に当組合の資格を喪失します。"),
    ],
)
def test_each_age_says_what_follows(values, says):
    letter = letters.age_letter(values)
    assert any(says in sentence for sentence in letter.closing)
    assert letter.facts[0] == ("生年月日", "昭和26年12月24日")


@pytest.mark.parametrize("age", [40, 65])
def test_a_dependant_is_told_nothing_of_premiums_of_their_own(age):
    letter = letters.age_letter(age_values(age, "2026-12-23", role=letters.DEPENDANT))
    assert not any("健康保険の保険料" in sentence for sentence in letter.closing)


def test_75_without_dependants_speaks_of_none():
    assert not any("被扶養者 " in sentence for sentence in letters.age_letter(age_values(75, "2026-12-24")).closing)


@pytest.mark.parametrize("kind", list(letters.ENDS))
def test_every_end_names_its_article_and_only_unpaid_ones_ask_for_reasons(kind):
    values = {"reason": kind, "begun_date": "2025-04-01", "loss_date": "2026-11-11", "fact_date": None}
    letter = letters.loss_letter(values)
    assert letters.ENDS[kind][1] in letter.opening[0]
    assert any("正当な理由" in s for s in letter.closing) == ("納付" in letters.ENDS[kind][0])


def test_first_months_unpaid_are_asked_about_with_their_own_article():
    values = {"months": "令和8年8月、令和8年9月", "due_date": "2026-09-10"}
    assert any("法37条2項" in s for s in letters.unpaid_letter(values | {"first": letters.FIRST}).closing)
    assert any("法38条3号" in s for s in letters.unpaid_letter(values | {"first": letters.LATER}).closing)


# --- At the door --------------------------------------------------------------------------------------------------------


def order_of(name, parameters, member_id=None):
    kind = kind_of(name)
    codes = tuple(column.code for column in kind.columns)
    return kind, Order(name, parameters, themselves(member_id), codes, FileFormat.PDF, date(2026, 11, 30))


@pytest.fixture
def december(born, at_night):
    def run():
        at_night(planning.plan, date(2026, 11, 30))
        at_night(planning.announce, date(2026, 11, 30))

    return run


@pytest.mark.django_db
def test_a_stack_holds_one_letter_for_each_who_is_due_and_nobody_protected(born, december, personas):
    head = born(date(1951, 12, 24), names=("長谷川", "健一", "ハセガワ", "ケンイチ"))
    guarded = born(date(1986, 12, 24), protected=True, town="誰にも言わない町")
    december()
    kind, order = order_of("lifecycle.age_notice", DECEMBER)
    with scope(LIFECYCLE_OUTPUT, personas["1001"], operation="export"):
        passed = pass_people(kind, order)
        rows, _dropped = pass_rows(kind, order, kind.build(order, passed.members), passed.members)
    assert passed.members == (head.pk,) and passed.removed == {Removal.PROTECTED: 1}
    assert guarded.pk not in passed.members
    assert [(row.values["age"], row.values["place"]) for row in rows] == [(75, "東京都港区芝公園4-2-8")]
    footer = Footer(
        1, kind.activity.title, tuple(kind.activity.labels), "本人（各自宛て）", "1001 佐藤", _at(), 1, "通"
    )
    pages = pages_of(kind.formats[FileFormat.PDF](Document(kind.title, order, kind.columns, rows, footer, {})))
    words = "".join(pages[0])
    assert "長谷川 健一　様" in words and "後期高齢者医療への移行についてのお知らせ" in words and len(pages) == 1


@pytest.mark.django_db
def test_a_list_that_is_wrong_sends_nobody_a_letter_of_another(born, december, personas, owner):
    """The event says December; the birth date does not: the door believes the register."""
    member = born(date(1951, 12, 24))
    december()
    with owner():
        type(member).objects.filter(pk=member.pk).update(birth_date=date(1960, 5, 1))
    kind, order = order_of("lifecycle.age_notice", DECEMBER)
    with scope(LIFECYCLE_OUTPUT, personas["1001"], operation="export"):
        passed = pass_people(kind, order)
    assert passed.members == () and passed.removed == {Removal.NOT_OF_RECIPIENT: 1}


@pytest.mark.django_db
def test_one_letter_goes_to_the_one_who_was_chosen(born, december, personas):
    one, other = born(date(1951, 12, 24)), born(date(1961, 12, 24))
    december()
    kind, order = order_of("lifecycle.age_notice", DECEMBER, member_id=other.pk)
    with scope(LIFECYCLE_OUTPUT, personas["1001"], operation="export"):
        assert pass_people(kind, order).members == (other.pk,)
    assert one.pk != other.pk


@pytest.mark.django_db
def test_who_waits_for_a_decision_is_not_written_to(born, december, personas, owner):
    born(date(1951, 12, 24))
    december()
    with owner():
        AgeEvent.objects.update(state="held")
    kind, order = order_of("lifecycle.age_notice", DECEMBER)
    with scope(LIFECYCLE_OUTPUT, personas["1001"], operation="export"):
        assert pass_people(kind, order).members == ()


def _at():
    from datetime import UTC, datetime

    return datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_the_form_asks_for_a_year_at_most():
    form = outputs.AgeForm({"first": "2026-01-01", "last": "2027-01-02"})
    assert "1年より長い" in str(form.errors["last"])
    assert outputs.AgeForm({"first": "2026-02-01", "last": "2026-01-01"}).errors["last"]
    assert outputs.AgeForm({"first": "2026-01-01", "last": "2026-12-31", "age": "75"}).is_valid()

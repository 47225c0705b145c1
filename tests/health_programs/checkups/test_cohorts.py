"""対象者リスト: the rule and its SQL choose the same people; a list is frozen for good; who may not stand in it does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from health_programs.checkups.actions import cohorts as actions
from health_programs.checkups.actions import judging
from health_programs.checkups.activities import COHORT_TARGETING, GUIDANCE_TARGETING
from health_programs.checkups.models import Cohort, CohortMember
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import cohorts as queries
from health_programs.checkups.rules import cohorts as rules
from health_programs.checkups.rules.ages import age_on
from health_programs.checkups.rules.cohorts import Condition, Facts, Selection
from tests.health_programs.checkups.conftest import TODAY, submission

HIGH = Condition("systolic", "ge", "140", 2026)
UNTREATED = Condition("medication_bp", "eq", "2", 2026)


def facts(**values) -> Facts:
    known = {key: Decimal(value) for key, value in values.items()}
    return Facts("1", date(1980, 5, 7), True, 3, {2026: known}, {2026: "intensive"})


# --- The rule ----------------------------------------------------------------------------------------------------------


def test_lines_are_joined_by_and_groups_by_or():
    selection = Selection(2026, TODAY, ((HIGH, UNTREATED), (Condition("hba1c", "ge", "6.5", 2026),)))
    assert rules.meets(selection, facts(systolic="140", medication_bp="2"))
    assert not rules.meets(selection, facts(systolic="139", medication_bp="2"))
    assert not rules.meets(selection, facts(systolic="180", medication_bp="1"))
    assert rules.meets(selection, facts(systolic="110", hba1c="6.5"))
    found = rules.deciding(selection, facts(systolic="110", medication_bp="2", hba1c="6.50"))
    assert [(one.condition.key, one.figure) for one in found] == [("hba1c", "6.50")], "only of groups that are met"


def test_what_was_not_measured_meets_nothing_but_missing():
    without = facts(weight="70")
    for sign in ("ge", "gt", "le", "lt"):
        assert not rules.meets(Selection(2026, TODAY, ((Condition("systolic", sign, "1", 2026),),)), without)
    assert rules.meets(Selection(2026, TODAY, ((Condition("systolic", "missing", "", 2026),),)), without)
    assert not rules.meets(Selection(2025, TODAY), without), "nobody is chosen who was not examined that year"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("systolic", "ge", "abc", 2026), "数字"),
        (("systolic", "ge", "NaN", 2026), "10万未満"),
        (("systolic", "ge", "-1", 2026), "0以上"),
        (("systolic", "eq", "1", 2026), "比べ方"),
        (("password", "ge", "1", 2026), "検査項目"),
        (("member__name", "ge", "1", 2026), "検査項目"),
        (("systolic", "ge", "140", 99), "年度"),
        (("level", "eq", "heavy", 2026), "保健指導レベル"),
        (("smoking", "eq", "1.5", 2026), "回答"),
    ],
)
def test_a_condition_that_cannot_be_asked_says_why(typed, sentence):
    with pytest.raises(rules.UnableToSelect, match=sentence):
        rules.condition(*typed)


@given(
    st.dates(date(1920, 1, 1), date(2020, 12, 31)), st.dates(date(2020, 1, 1), date(2032, 12, 31)), st.integers(0, 100)
)
def test_an_age_as_a_birth_date_is_the_age_of_the_law(born, on, age):
    assert (born <= rules.born_until(age, on)) == (age_on(born, on) >= age)


def test_a_leap_day_is_counted_as_the_law_counts_it():
    assert rules.born_until(1, date(2024, 2, 28)) == date(2023, 2, 28)
    assert rules.born_until(4, date(2024, 2, 28)) == date(2020, 2, 29)


# --- The rule and its SQL -----------------------------------------------------------------------------------------------

KEYS = ("systolic", "hba1c", "waist")
conditions = st.one_of(
    st.builds(
        Condition, st.sampled_from(KEYS), st.sampled_from(("ge", "gt", "le", "lt")),
        st.sampled_from(("5.6", "6.5", "85", "90", "130", "140")), st.sampled_from((2025, 2026)),
    ),
    st.builds(Condition, st.sampled_from(KEYS), st.just("missing"), st.just(""), st.sampled_from((2025, 2026))),
    st.builds(Condition, st.just("smoking"), st.just("eq"), st.sampled_from("123"), st.sampled_from((2025, 2026))),
    st.builds(
        Condition, st.just("level"), st.just("eq"), st.sampled_from(("intensive", "motivational", "undeterminable")),
        st.just(2026),
    ),
    st.builds(Condition, st.just("level"), st.just("missing"), st.just(""), st.sampled_from((2025, 2026))),
)  # fmt: skip
ages = st.none() | st.integers(38, 75)
selections = st.builds(
    Selection,
    year=st.sampled_from((2025, 2026)),
    on=st.sampled_from((TODAY, date(2026, 5, 6), date(2028, 2, 29))),
    groups=st.lists(st.lists(conditions, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
    age_from=ages,
    age_to=ages,
    sex=st.sampled_from(("", "1", "2")),
    relation=st.sampled_from(("", "insured", "dependant")),
)


@pytest.fixture
def everybody(a_member, take, doing, takahashi):
    """Nine people with figures at, over and under the thresholds, missing ones, one or two years, some judged."""
    people = [
        a_member(str(30 + n), sex="12"[n % 2], birth_date=date(1952 + 4 * n, 5, 7) if n else date(1956, 2, 29))
        for n in range(9)
    ]
    systolic, hba1c, waist = ("130", "140", "141", None, "139"), ("5.5", "5.6", "6.5", None), ("84.9", "85", "90", None)
    for n, member in enumerate(people):
        given = {
            "systolic": systolic[n % 5], "hba1c": hba1c[n % 4], "waist": waist[(n // 2) % 4], "smoking": "123"[n % 3],
        }  # fmt: skip
        take(submission(member, **given))
        if n % 2:
            turned = given | {"systolic": systolic[(n + 1) % 5], "hba1c": hba1c[(n + 2) % 4]}
            take(submission(member, date(2025, 6, 3), **turned))
    doing(GUIDANCE_TARGETING, judging.stratify_some, by_id=takahashi.pk, fiscal_year=2026)
    return people


def test_the_rule_and_one_statement_choose_the_same_people(everybody, doing):
    ids = sorted(member.pk for member in everybody)
    whole = Selection(2026, TODAY, ((Condition("weight", "ge", "0", 2025),),))
    known = doing(COHORT_TARGETING, queries.facts_of, ids, whole)
    assert len(known) == 9
    seen = {"some": 0, "none": 0}

    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
    @given(selections)
    def agree(selection):
        own = known
        if selection.year == 2025:
            own = doing(COHORT_TARGETING, queries.facts_of, ids, Selection(2025, TODAY, whole.groups + ((HIGH,),)))
        by_rule = [pk for pk in ids if pk in own and rules.meets(selection, own[pk])]
        with CaptureQueriesContext(connection) as captured:
            by_statement = doing(COHORT_TARGETING, queries.chosen_ids, selection)
        assert by_statement == by_rule
        assert sum("checkups_checkupresult" in query["sql"] for query in captured.captured_queries) == 1
        seen["some" if by_rule else "none"] += 1
        assert rules.from_json(rules.to_json(selection)) == selection

    agree()
    assert seen["some"] >= 5, "conditions that choose nobody prove nothing"


# --- Frozen --------------------------------------------------------------------------------------------------------------


@pytest.mark.use(
    "health_checkup", "health_program_targeting",
    screens=["checkups:cohort-list", "checkups:cohort-new", "checkups:cohort-detail", "checkups:cohort-compare"],
)  # fmt: skip
def test_from_the_conditions_to_a_list_that_never_changes(
    everybody, a_member, take, doing, client_of, owner, takahashi
):
    guarded = a_member("60", protected=True, family_name="秘密沢")
    gone = a_member("61")
    take(submission(guarded, systolic="180"), submission(gone, systolic="180"))
    with owner():
        from members.enrollment.models import EligibilityPeriod

        EligibilityPeriod.objects.filter(member=gone).update(period=(date(2020, 4, 1), date(2026, 7, 1)))
    clerk = client_of("高橋")
    typed = {
        "title": "血圧の高い人", "programme": "重症化予防", "year": "2026", "on": "R8.11.23", "g0l0_item": "systolic",
        "g0l0_figure": "１４０", "g0l0_sign": "ge", "g0l0_year": "2026",
    }  # fmt: skip
    preview = clerk.post("/checkups/lists/preview/", typed).content.decode()
    assert "令和8年度の収縮期血圧が140mmHg以上" in preview
    assert "資格がない人" in preview and "保護対象の人" in preview

    wrong = clerk.post("/checkups/lists/new/", typed | {"g0l0_figure": "高い", "g1l3_figure": "3", "age_from": "-4"})
    page = wrong.content.decode()
    assert (
        wrong.status_code == 422 and "条件Aの1行目の値" in page and "条件Bの4行目の項目" in page and "0から130" in page
    )
    assert 'value="高い"' in page and "血圧の高い人" in page, "nothing typed is lost"

    made = clerk.post("/checkups/lists/new/", typed)
    assert made.status_code == 302
    twice = clerk.post("/checkups/lists/new/", typed)
    assert twice.status_code == 422 and "同じ名前" in twice.content.decode()
    page = clerk.get(made["Location"]).content.decode()
    assert "収縮期血圧" in page and "秘密沢" not in page and "-61-" not in page
    with owner():
        row = Cohort.objects.get()
        members = set(CohortMember.objects.values_list("member_id", flat=True))
        assert (row.people, row.chosen, row.removed) == (
            len(members),
            len(members) + 2,
            {"not_covered": 1, "protected": 1},
        )
        assert row.frozen_by_id == takahashi.pk and not members & {guarded.pk, gone.pk}
        kept = CohortMember.objects.order_by("pk").first()
        assert kept.values[0][:4] == ["systolic", "ge", "140", 2026] and Decimal(kept.values[0][4]) >= 140
    for change in (lambda: Cohort.objects.update(people=1), lambda: CohortMember.objects.update(values=[])):
        with owner(), pytest.raises(DatabaseError, match="never changed"), _savepoint():
            change()

    clerk.post("/checkups/lists/new/", typed | {"title": "腹囲も", "g0l1_item": "waist", "g0l1_figure": "85"})
    with owner():
        other = Cohort.objects.get(title="腹囲も")
        counts = (row.people, other.people)
    assert 0 < counts[1] < counts[0]
    page = clerk.get(f"{made['Location']}compare/?with={other.pk}&side=first").content.decode()
    assert f"左だけの人<b>{counts[0] - counts[1]}</b>" in page and f"両方にいる人<b>{counts[1]}</b>" in page
    assert clerk.get(f"{made['Location']}compare/?with=abc").status_code == 404

    for address in ("/checkups/lists/", "/checkups/lists/new/", made["Location"]):
        assert client_of("佐藤").get(address).status_code == 403
    assert client_of("佐藤").post("/checkups/lists/new/", typed | {"title": "別"}).status_code == 403
    with owner():
        assert Cohort.objects.count() == 2


def _savepoint():
    from django.db import transaction

    return transaction.atomic()


def test_nothing_is_frozen_of_nobody(everybody, doing, takahashi):
    nobody = Selection(2026, TODAY, ((Condition("systolic", "ge", "999", 2026),),))
    with pytest.raises(UnableToMove, match="残る人がいません"):
        doing(COHORT_TARGETING, actions.freeze, by=takahashi, on=TODAY, selection=nobody, title="a", programme="b")

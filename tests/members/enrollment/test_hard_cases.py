"""Two employers at once, two rows of one person, what a change would touch."""

from datetime import date

import pytest

from members.enrollment import actions, neighbours
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Address, ConcurrentEmployment, EligibilityPeriod, Member, NameToken
from members.enrollment.queries import identity
from privacy.scope import scope
from tests.members.enrollment.people import make_employer, make_member, protect
from tests.members.enrollment.register import CHILD, HANAKO, TARO, change, days_of, family_days, fresh, report

pytestmark = pytest.mark.django_db

APRIL = date(2024, 4, 1)
LOST = date(2026, 10, 1)


@pytest.fixture
def clerk(personas):
    return personas["1001"]


@pytest.fixture
def employers(owner, db):
    with owner():
        return make_employer(), make_employer("ひなた商事株式会社")


@pytest.fixture
def head(clerk, employers):
    return enter(clerk, employers[0])


def enter(clerk, employer, person=HANAKO, day=APRIL, **values):
    return change(
        clerk,
        actions.acquire,
        employer_id=employer.pk,
        person=person,
        report=report(day),
        reason="employment",
        **values,
    )


def act(clerk, action, member, day, **values):
    return change(clerk, action, member_id=member.pk, version=None, report=report(day), **values)


def certify(clerk, head, person=CHILD, relation="son", day=APRIL):
    return change(
        clerk, actions.certify_dependant, insured_id=head.pk, version=None, person=person, relation=relation,
        report=report(day),
    )  # fmt: skip


def concurrents(owner, member):
    with owner():
        rows = ConcurrentEmployment.objects.filter(member=member).order_by("period__startswith", "pk")
        return [(r.employer_id or r.outside_name, r.period.lower, r.period.upper) for r in rows]


# --- 二以上勤務 ------------------------------------------------------------------------------------------------------


def test_the_employer_of_the_qualification_is_the_chosen_one(owner, clerk, employers, head):
    main, other = employers
    with pytest.raises(actions.UnableToChange, match="主たる事業所と同じ"):
        act(clerk, actions.add_concurrent, head, LOST, employer_id=main.pk)
    act(clerk, actions.add_concurrent, head, LOST, employer_id=other.pk)
    with pytest.raises(actions.UnableToChange, match="登録されています"):
        act(clerk, actions.add_concurrent, head, LOST, employer_id=other.pk)
    assert concurrents(owner, head) == [(other.pk, LOST, None)]


def test_choosing_the_other_employer_exchanges_both_and_the_family_runs_on(owner, clerk, employers, head):
    main, other = employers
    child = certify(clerk, head)
    row = act(clerk, actions.add_concurrent, head, date(2025, 4, 1), employer_id=other.pk)
    act(clerk, actions.choose_main_employer, head, LOST, concurrent_id=row.pk)
    with owner():
        held = EligibilityPeriod.objects.filter(member=head).order_by("period__startswith")
        assert [(p.employer_id, p.period.upper) for p in held] == [(main.pk, LOST), (other.pk, None)]
    assert concurrents(owner, head) == [(other.pk, date(2025, 4, 1), LOST), (main.pk, LOST, None)]
    assert family_days(owner, child) == [(APRIL, None, "")]


def test_an_employer_of_another_insurer_is_not_chosen_here_and_a_loss_ends_both(owner, clerk, head):
    row = act(
        clerk, actions.add_concurrent, head, date(2025, 4, 1), outside_name="架空商会", outside_insurer="協会けんぽ"
    )
    with pytest.raises(actions.UnableToChange, match="資格喪失届"):
        act(clerk, actions.choose_main_employer, head, LOST, concurrent_id=row.pk)
    act(clerk, actions.lose, head, LOST, reason="retirement")
    assert concurrents(owner, head) == [("架空商会", date(2025, 4, 1), LOST)]


# --- one person, two rows --------------------------------------------------------------------------------------------


def test_a_duplicate_is_merged_under_one_number_and_found_by_both(owner, clerk, employers, head):
    act(clerk, actions.lose, head, date(2025, 4, 1), reason="retirement")
    twin = enter(clerk, employers[1], day=date(2026, 4, 1))
    child = certify(clerk, twin, day=date(2026, 5, 1))
    change(clerk, actions.merge_duplicates, keep_id=head.pk, version=None, merged_id=twin.pk, report=report(LOST))
    assert [row[1:3] for row in days_of(owner, head)] == [(APRIL, date(2025, 4, 1)), (date(2026, 4, 1), None)]
    assert days_of(owner, twin) == []
    moved = fresh(owner, child)
    assert (moved.insured_id, moved.card_number) == (head.pk, f"{head.symbol}-{head.number}-01")
    with scope(MEMBER_ADMINISTRATION, clerk):
        found = identity.find_by_number(twin.symbol, twin.number)
        assert (found.pk, NameToken.objects.filter(member=twin).count()) == (head.pk, 0)
        assert identity.find_by_number(child.symbol, child.number, child.branch).pk == child.pk
    with pytest.raises(actions.UnableToChange, match="統合されています"):
        act(clerk, actions.lose, twin, LOST, reason="retirement")
    with owner():
        assert EligibilityPeriod.history.filter(member_id=twin.pk).exists()


def test_days_both_rows_have_are_kept_once(owner, clerk, employers, head):
    twin = enter(clerk, employers[1], person=HANAKO, day=date(2025, 4, 1))
    change(clerk, actions.merge_duplicates, keep_id=head.pk, version=None, merged_id=twin.pk, report=report(LOST))
    assert days_of(owner, head) == [("compulsory", APRIL, None, "")]
    with owner():
        assert EligibilityPeriod.with_cancelled.get(member=twin).cancelled


def test_days_that_half_overlap_are_for_the_clerk_to_correct(owner, clerk, employers, head):
    act(clerk, actions.lose, head, date(2025, 4, 1), reason="retirement")
    twin = enter(clerk, employers[1], day=date(2025, 1, 1))
    with pytest.raises(actions.UnableToChange, match="一部だけ重なって"):
        change(clerk, actions.merge_duplicates, keep_id=head.pk, version=None, merged_id=twin.pk, report=report(LOST))
    assert fresh(owner, twin).merged_into_id is None


@pytest.mark.parametrize("case", ["birth", "protected", "self"])
def test_who_cannot_be_one_person_is_not_merged(owner, clerk, employers, head, case):
    if case == "self":
        other = head
    elif case == "birth":
        other = enter(clerk, employers[1], person=TARO)
    else:
        with owner():
            other = make_member(birth_date=HANAKO.birth_date, protected=True)
            protect(other, clerk_id=clerk.pk)
    with pytest.raises(actions.UnableToChange):
        change(clerk, actions.merge_duplicates, keep_id=head.pk, version=None, merged_id=other.pk, report=report(LOST))


def test_rows_of_one_person_are_joined_once_and_told_together(owner, clerk, employers, head):
    child = certify(clerk, head, person=TARO, relation="husband")
    act(clerk, actions.remove_dependant, child, LOST, reason="employed")
    own = enter(clerk, employers[1], person=TARO, day=LOST)
    values = {"member_id": own.pk, "version": None, "earlier_id": child.pk, "report": report(LOST)}
    change(clerk, actions.join_rows, **values)
    with pytest.raises(actions.UnableToChange, match="もう結び付いています"):
        change(clerk, actions.join_rows, **values)
    with scope(MEMBER_ADMINISTRATION, clerk):
        member = Member.objects.get(pk=own.pk)
        stories = identity.story_of(member, actions.same_person(member))
    assert [s.member.pk for s in stories] == [own.pk, child.pk]


def test_people_alike_are_found_by_day_of_birth_and_reading(clerk, head):
    married = actions.Person("佐々木", "花子", "ササキ", "ハナコ", HANAKO.birth_date, "2")
    stranger = actions.Person("佐々木", "花子", "ササキ", "ハナコ", date(1991, 1, 1), "2")
    with scope(MEMBER_ADMINISTRATION, clerk):
        assert [m.pk for m in identity.similar_people(married)] == [head.pk]
        assert identity.similar_people(stranger) == []


# --- what a change would touch ---------------------------------------------------------------------------------------


def test_the_list_before_saving_is_what_saving_does_and_changes_nothing(owner, clerk, head, monkeypatch):
    child = certify(clerk, head)
    monkeypatch.setattr(neighbours, "_neighbours", {})
    neighbours.register(
        neighbours.Neighbour("other", touched=lambda ids, since: [neighbours.Touched("試しの記録", len(ids))])
    )
    with scope(MEMBER_ADMINISTRATION, clerk, operation="change"):
        seen = actions.preview(
            actions.correct_acquisition_date, by=clerk, members={head.pk}, since=APRIL, member_id=head.pk, version=None,
            report=report(date(2024, 5, 1)),
        )  # fmt: skip
    assert [(line.branch, line.what[:2], line.before, line.after) for line in seen.lines] == [
        ("00", "資格", (APRIL, None), (date(2024, 5, 1), None)),
        ("01", "被扶", (APRIL, None), (date(2024, 5, 1), None)),
    ]
    assert [(o.what, o.count) for o in seen.others] == [("試しの記録", 2)]
    assert [r.kind for r in seen.reports] == ["acquisition", "certified"]
    assert days_of(owner, head) == [("compulsory", APRIL, None, "")]
    assert family_days(owner, child) == [(APRIL, None, "")]


def test_a_protected_dependant_has_no_name_in_the_list(owner, clerk, personas, head):
    child = certify(clerk, head)
    with owner():
        Member.objects.filter(pk=child.pk).update(protected=True)
        protect(child, clerk_id=personas["1006"].pk)
        Address.objects.filter(member=child).update(cancelled=True)
    with scope(MEMBER_ADMINISTRATION, clerk, operation="change"):
        seen = actions.preview(
            actions.lose, by=clerk, members={head.pk}, since=LOST, member_id=head.pk, version=None, report=report(LOST),
            reason="retirement",
        )  # fmt: skip
    assert [line.name for line in seen.lines] == ["丸山 花子", "保護対象の加入者"]

"""Results taken in, matched, doubled, withdrawn; levels and referrals that follow from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from health_programs.checkups import tasks
from health_programs.checkups.actions import judging, results
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, GUIDANCE_TARGETING, TREATMENT_RECOMMENDATION
from health_programs.checkups.files.documents import Observation
from health_programs.checkups.files.items import by_key
from health_programs.checkups.models import CheckupResult, Referral, Stratification, SubmittedIdentity
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.tasks import run_night
from tests.health_programs.checkups.conftest import submission


@pytest.fixture
def man(a_member):
    return a_member("1", sex="1")


def only(owner):
    with owner():
        return CheckupResult.objects.get()


@pytest.mark.parametrize("place", [1, 2], ids=["自己判定", "自己申告"])
def test_a_waist_the_person_stated_counts_as_one(man, take, owner, place):
    stated = Observation(by_key("waist")[place].code, key="waist", value=Decimal("79.5"), unit="cm")
    sheet = submission(man, waist=None, weight="62", bmi="21.5")
    take(replace(sheet, observations=(*sheet.observations, stated)))
    assert only(owner).missing == [] and only(owner).waist == Decimal("79.5")


@pytest.mark.parametrize(
    ("reason", "missing"),
    [("1", []), ("2", []), ("3", ["urine_sugar", "urine_protein"]), ("", ["urine_sugar", "urine_protein"])],
)
def test_urine_that_could_not_be_examined_counts_only_for_the_reasons_of_the_guidelines(
    man, take, owner, reason, missing
):
    whole = submission(man)
    kept = tuple(one for one in whole.observations if not one.key.startswith("urine_"))
    said = (Observation(by_key("unmeasured_reason")[0].code, key="unmeasured_reason", coded=reason),) if reason else ()
    take(replace(whole, observations=kept + said))
    assert only(owner).missing == missing


class TestMatching:
    def test_all_agrees(self, man, take, owner):
        taken = take(submission(man))
        assert [one.outcome for one in taken] == ["taken"]
        row = only(owner)
        assert (row.member_id, row.state, row.fiscal_year, row.age) == (man.pk, "matched", 2026, 46)
        assert row.insured is True and row.employer_id is not None and row.missing == []

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"kana": "タカサキ　ミサコ"}, "kana"),
            ({"birth_date": date(1980, 5, 8)}, "other_person"),
            ({"sex": "2"}, "other_person"),
            ({"number": "999"}, "no_number"),
            ({"insurer": "01130012"}, "other_insurer"),
        ],
    )
    def test_one_difference_leaves_it_to_a_clerk(self, man, take, owner, change, reason):
        assert take(submission(man, **change))[0].outcome == "unmatched"
        with owner():
            assert SubmittedIdentity.objects.get().reason == reason
            assert CheckupResult.objects.get().member_id is None

    def test_not_covered_on_the_day(self, man, take, owner):
        assert take(submission(man, date(2019, 6, 3)))[0].outcome == "unmatched"
        with owner():
            assert SubmittedIdentity.objects.get().reason == "not_covered"

    def test_half_width_kana_and_leading_zeros_are_the_same_person(self, man, take):
        assert take(submission(man, kana="ﾀｶｻｷ ﾐｻｷ", number="001", symbol="１２"))[0].outcome == "taken"

    def test_the_same_result_again_is_kept_once(self, man, take, owner):
        take(submission(man))
        assert take(submission(man))[0].outcome == "same"
        assert only(owner).state == "matched"

    def test_the_same_twice_in_one_file_is_kept_once(self, man, take, owner):
        assert [one.outcome for one in take(submission(man), submission(man))] == ["taken", "same"]

    def test_a_second_examination_of_the_year_is_a_double(self, man, take, owner, doing, takahashi):
        take(submission(man))
        later = take(submission(man, date(2026, 9, 1), waist="90"))[0]
        assert later.outcome == "double"
        doing(CHECKUP_ADMINISTRATION, results.use_instead, by=takahashi, result_id=later.result.pk)
        with owner():
            states = dict(CheckupResult.objects.values_list("exam_date", "state"))
        assert states == {date(2026, 6, 3): "double", date(2026, 9, 1): "matched"}

    def test_a_clerk_matches_by_hand_and_takes_it_back(self, man, take, owner, doing, takahashi):
        row = take(submission(man, kana="カナチガイ"))[0].result
        doing(CHECKUP_ADMINISTRATION, results.match_by_hand, by=takahashi, result_id=row.pk, member_id=man.pk)
        assert only(owner).member_id == man.pk
        with pytest.raises(UnableToMove, match="確認済み"):
            doing(CHECKUP_ADMINISTRATION, results.match_by_hand, by=takahashi, result_id=row.pk, member_id=man.pk)
        doing(CHECKUP_ADMINISTRATION, results.unmatch, by=takahashi, result_id=row.pk)
        assert only(owner).state == "unmatched"

    def test_a_hand_cannot_match_somebody_who_was_not_covered(self, man, take, doing, takahashi):
        row = take(submission(man, date(2019, 6, 3)))[0].result
        with pytest.raises(UnableToMove, match="資格がありません"):
            doing(CHECKUP_ADMINISTRATION, results.match_by_hand, by=takahashi, result_id=row.pk, member_id=man.pk)

    def test_what_was_not_measured_stays_so(self, man, take, owner):
        one = submission(man)
        waist = next(o for o in one.observations if o.key == "waist")
        without = replace(waist, value=None, state="not_measured")
        take(replace(one, observations=tuple(without if o is waist else o for o in one.observations)))
        row = only(owner)
        assert row.waist is None and row.missing == ["waist"]
        assert next(o for o in row.observations if o["key"] == "waist")["state"] == "not_measured"

    def test_the_number_of_statements_does_not_grow(self, a_member, take):
        people = [a_member(str(n), sex="1") for n in range(1, 9)]
        with CaptureQueriesContext(connection) as one:
            take(submission(people[0]))
        with CaptureQueriesContext(connection) as seven:
            take(*(submission(person) for person in people[1:]))
        assert len(seven) == len(one)


class TestLevels:
    def judge(self, doing, takahashi, year: int = 2026):
        return doing(GUIDANCE_TARGETING, judging.stratify_some, by_id=takahashi.pk, fiscal_year=year)

    def test_a_result_is_judged_once(self, man, take, doing, takahashi, owner):
        take(submission(man))
        assert self.judge(doing, takahashi)[1] == {"intensive": 1}
        assert self.judge(doing, takahashi)[0] == 0
        with owner():
            row = Stratification.objects.get()
        assert (row.group, row.risks, row.metabolic) == (1, 3, "1")
        assert [step["label"] for step in row.steps][:1] == ["腹囲"]

    def test_the_job_finds_what_changed_behind_it(self, a_member, take, doing, takahashi, owner):
        """A result before the chunk that was judged last is judged all the same before the job ends."""
        people = [a_member(str(n), sex="1") for n in range(1, 4)]
        first, *_others = [one.result for one in take(*(submission(person) for person in people))]

        def chunk(after: int, limit: int = 2):
            return doing(
                GUIDANCE_TARGETING,
                judging.stratify_after,
                by_id=takahashi.pk,
                fiscal_year=2026,
                after=after,
                limit=limit,
            )

        two = chunk(0)
        assert (two.done, two.reached > first.pk) == (2, True)
        with owner():
            CheckupResult.objects.filter(pk=first.pk).update(version=first.version + 1)
        position, done = two.reached, []
        while True:
            job = SimpleNamespace(owner_id=takahashi.pk, parameters={"year": 2026})
            found = doing(GUIDANCE_TARGETING, tasks.stratify_chunk, job, position, lambda: False)
            position = found.position
            if found.finished:
                break
            done.append(found.done)
        assert done == [1, 1]
        with owner():
            assert Stratification.objects.filter(current=True).count() == 3

    def test_a_changed_result_is_judged_anew_and_the_earlier_kept(self, man, take, doing, takahashi, owner):
        first = take(submission(man))[0].result
        self.judge(doing, takahashi)
        better = take(submission(man, date(2026, 9, 1), waist="80", bmi="24"))[0].result
        doing(CHECKUP_ADMINISTRATION, results.use_instead, by=takahashi, result_id=better.pk)
        self.judge(doing, takahashi)
        with owner():
            rows = list(Stratification.objects.order_by("pk").values_list("result_id", "level", "current"))
        assert rows == [(first.pk, "intensive", False), (better.pk, "information", True)]

    def test_a_withdrawn_result_loses_its_judgement(self, man, take, doing, takahashi, owner):
        row = take(submission(man))[0].result
        self.judge(doing, takahashi)
        doing(CHECKUP_ADMINISTRATION, results.withdraw, by=takahashi, result_id=row.pk)
        self.judge(doing, takahashi)
        with owner():
            assert list(Stratification.objects.values_list("current", flat=True)) == [False]

    def test_two_years_running_with_an_improvement(self, man, take, doing, takahashi, owner):
        take(submission(man, date(2025, 6, 3), waist="95", weight="80"))
        self.judge(doing, takahashi, 2025)
        take(submission(man))
        self.judge(doing, takahashi)
        with owner():
            assert Stratification.objects.get(fiscal_year=2026).replaceable

    @pytest.mark.django_db(transaction=True)
    def test_the_night_judges_what_came(self, man, take, owner):
        take(submission(man))
        assert run_night() == 1
        assert run_night() == 0


class TestReferrals:
    def find(self, doing):
        return doing(TREATMENT_RECOMMENDATION, judging.find_some, fiscal_year=2026, after=0)

    def test_over_the_threshold_and_untreated(self, man, take, doing, owner):
        take(submission(man, systolic="165"))
        self.find(doing)
        with owner():
            case = Referral.objects.get()
        assert case.urgency == "at_once"
        assert [item[0] for item in case.items] == ["systolic", "ldl"]

    def test_who_answers_to_take_medicine_is_left_out(self, man, take, doing, owner):
        take(submission(man, ldl="110", medication_bp=1))
        self.find(doing)
        with owner():
            assert not Referral.objects.exists()

    def test_the_state_is_what_happened_last(self, man, take, doing, takahashi, owner):
        take(submission(man))
        self.find(doing)
        with owner():
            case = Referral.objects.get()
        given = {"by": takahashi, "referral_id": case.pk, "member_id": man.pk, "day": date(2026, 11, 1), "note": "文書"}
        doing(TREATMENT_RECOMMENDATION, judging.follow_up, **given, what="recommended", due_date=date(2027, 1, 1))
        doing(TREATMENT_RECOMMENDATION, judging.follow_up, **given, what="closed", due_date=None)
        with pytest.raises(UnableToMove, match="終了"):
            doing(TREATMENT_RECOMMENDATION, judging.follow_up, **given, what="visited", due_date=None)
        self.find(doing)
        with owner():
            assert Referral.objects.get().state == "closed"

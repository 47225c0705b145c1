"""Second factors: enrolment, replay, lock-out, recovery codes, reset by two persons."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kumiai.accounts import actions, one_time_codes
from kumiai.accounts.managers import UserIsNeverDeleted
from kumiai.accounts.models import RecoveryCode, SecondFactor, SecondFactorReset, User, UserSession
from tests.kumiai.accounts.conftest import SECRET

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def code(at: datetime = AT, steps: int = 0) -> str:
    return one_time_codes.code_at(SECRET, at=at.timestamp() + steps * 30)


def wrong(at: datetime = AT) -> str:
    """Six digits that fit none of the steps around `at`."""
    right = {code(at, steps) for steps in range(-6, 7)}
    return next(f"{n:06d}" for n in range(1_000_000) if f"{n:06d}" not in right)


# --- Enrolment


def test_the_first_right_code_registers_the_application_and_gives_ten_recovery_codes(make_user) -> None:
    person = make_user(enrolled=False)
    factor = actions.begin_second_factor(user=person)
    first = one_time_codes.code_at(factor.secret, at=AT.timestamp())
    confirmed, codes = actions.confirm_second_factor(user=person, code=first, at=AT)
    assert confirmed.confirmed
    assert len(codes) == 10
    with pytest.raises(actions.UnableToVerify):
        actions.verify_second_factor(user=person, code=first, at=AT)


def test_a_wrong_first_code_registers_nothing(make_user) -> None:
    person = make_user(enrolled=False)
    actions.begin_second_factor(user=person)
    with pytest.raises(actions.UnableToVerify):
        actions.confirm_second_factor(user=person, code="abc", at=AT)
    assert not SecondFactor.objects.get(user=person).confirmed
    assert RecoveryCode.objects.count() == 0


def test_a_registered_application_is_not_replaced_by_a_password_alone(user) -> None:
    with pytest.raises(actions.UnableToEnroll):
        actions.begin_second_factor(user=user)
    with pytest.raises(actions.UnableToEnroll):
        actions.confirm_second_factor(user=user, code=code(), at=AT)


def test_the_secret_is_nowhere_in_the_table_in_plain_form(user) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(f)::text FROM accounts_secondfactor f")
        (row,) = cursor.fetchone()
    text = one_time_codes.secret_as_text(SECRET)
    assert SecondFactor.objects.get(user=user).secret == SECRET
    for plain in (SECRET.decode(), SECRET.hex(), text, text.replace(" ", "")):
        assert plain not in row


# --- One-time codes


def test_a_code_serves_once(user) -> None:
    actions.verify_second_factor(user=user, code=code(), at=AT)
    with pytest.raises(actions.UnableToVerify):
        actions.verify_second_factor(user=user, code=code(), at=AT + timedelta(seconds=5))
    actions.verify_second_factor(user=user, code=code(steps=1), at=AT + timedelta(seconds=30))


def test_somebody_elses_code_does_not_serve(make_user) -> None:
    person, other = make_user("9001", enrolled=False), make_user("9002")
    assert actions.verify_second_factor(user=other, code=code(), at=AT)
    with pytest.raises(actions.UnableToVerify):
        actions.verify_second_factor(user=person, code=code(), at=AT)


def test_five_failures_lock_for_thirty_minutes_even_for_the_right_code(user) -> None:
    for _ in range(4):
        with pytest.raises(actions.UnableToVerify):
            actions.verify_second_factor(user=user, code=wrong(), at=AT)
    with pytest.raises(actions.SecondFactorLocked):
        actions.verify_second_factor(user=user, code=wrong(), at=AT)
    late = AT + timedelta(minutes=29, seconds=59)
    with pytest.raises(actions.SecondFactorLocked):
        actions.verify_second_factor(user=user, code=code(late), at=late)
    after = AT + timedelta(minutes=30)
    assert actions.verify_second_factor(user=user, code=code(after), at=after)


def test_a_right_code_ends_the_row_of_failures(user) -> None:
    at = AT
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(actions.UnableToVerify):
                actions.verify_second_factor(user=user, code=wrong(at), at=at)
        actions.verify_second_factor(user=user, code=code(at), at=at)
        at += timedelta(minutes=1)


# --- Recovery codes


def recovery_codes(user: User) -> list[str]:
    codes = actions.renew_recovery_codes(user=user, code=code(), at=AT)
    assert len(codes) == 10
    return codes


def test_a_recovery_code_serves_once_and_the_others_remain(user) -> None:
    codes = recovery_codes(user)
    assert actions.use_recovery_code(user=user, code=codes[3].lower().replace("-", " "), at=AT)
    with pytest.raises(actions.UnableToVerify):
        actions.use_recovery_code(user=user, code=codes[3], at=AT)
    assert actions.use_recovery_code(user=user, code=codes[4], at=AT)


def test_recovery_codes_are_kept_as_hashes_only(user) -> None:
    codes = recovery_codes(user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(c)::text, ' ') FROM accounts_recoverycode c")
        (rows,) = cursor.fetchone()
    for plain in codes:
        assert plain not in rows
        assert plain.replace("-", "") not in rows


def test_new_recovery_codes_end_the_old_ones(user) -> None:
    old = recovery_codes(user)
    later = AT + timedelta(minutes=1)
    actions.renew_recovery_codes(user=user, code=code(later), at=later)
    with pytest.raises(actions.UnableToVerify):
        actions.use_recovery_code(user=user, code=old[0], at=later)


def test_a_wrong_code_makes_no_new_recovery_codes(user) -> None:
    old = recovery_codes(user)
    with pytest.raises(actions.UnableToVerify):
        actions.renew_recovery_codes(user=user, code=wrong(), at=AT)
    assert actions.use_recovery_code(user=user, code=old[0], at=AT)


def test_wrong_recovery_codes_count_towards_the_same_lock(user) -> None:
    codes = recovery_codes(user)
    for _ in range(4):
        with pytest.raises(actions.UnableToVerify):
            actions.use_recovery_code(user=user, code="AAAA-AAAA-AAAA", at=AT)
    with pytest.raises(actions.SecondFactorLocked):
        actions.verify_second_factor(user=user, code=wrong(), at=AT)
    with pytest.raises(actions.SecondFactorLocked):
        actions.use_recovery_code(user=user, code=codes[0], at=AT)


# --- Reset by two persons


@pytest.fixture
def three(make_user) -> tuple[User, User, User]:
    """The person, and two administrators."""
    return make_user("9001"), make_user("9002", is_staff=True), make_user("9003", is_staff=True)


def ask(person: User, by: User) -> SecondFactorReset:
    return actions.request_second_factor_reset(person=person, reason="紛失。対面で確認。", by=by, at=AT)


def test_two_administrators_reset_a_third_persons_second_factor(three, owner) -> None:
    person, one, two = three
    with owner():
        codes = recovery_codes(person)
        UserSession.objects.create(
            session_key="a" * 64, session_data="", expire_date=timezone.now() + timedelta(hours=1), user=person
        )
        reset = ask(person, one)
        later = AT + timedelta(minutes=5)
        actions.approve_second_factor_reset(reset=reset, by=two, at=later)
    reset.refresh_from_db()
    assert (reset.requested_by, reset.approved_by, reset.approved_at) == (one, two, later)
    assert not UserSession.objects.filter(user=person).exists()
    factor = SecondFactor.objects.get(user=person)
    assert not factor.confirmed
    assert factor.secret != SECRET
    for attempt, typed in ((actions.verify_second_factor, code(later)), (actions.use_recovery_code, codes[0])):
        with pytest.raises(actions.UnableToVerify):
            attempt(user=person, code=typed, at=later)
    assert actions.begin_second_factor(user=person)


def test_nobody_asks_for_a_reset_of_their_own(three, owner) -> None:
    person, _, _ = three
    with owner(), pytest.raises(actions.UnableToReset, match="自分の"):
        ask(person, person)


def test_the_person_does_not_approve(three, owner) -> None:
    person, one, _ = three
    with owner(), pytest.raises(actions.UnableToReset, match="自分の"):
        actions.approve_second_factor_reset(reset=ask(person, one), by=person, at=AT)
    assert SecondFactor.objects.get(user=person).confirmed


def test_who_asked_does_not_approve(three, owner) -> None:
    person, one, _ = three
    with owner(), pytest.raises(actions.UnableToReset, match="申請した人"):
        actions.approve_second_factor_reset(reset=ask(person, one), by=one, at=AT)
    assert SecondFactor.objects.get(user=person).confirmed


def test_the_database_refuses_one_person_in_two_parts(three, owner) -> None:
    person, one, _ = three
    with owner():
        reset = ask(person, one)
        for same in (person, one):
            with pytest.raises(IntegrityError), transaction.atomic():
                SecondFactorReset.objects.filter(pk=reset.pk).update(approved_by=same, approved_at=AT)


def test_a_reset_waits_once_and_is_decided_once(three, owner) -> None:
    person, one, two = three
    with owner():
        reset = ask(person, one)
        with pytest.raises(actions.UnableToReset, match="承認待ちです"):
            ask(person, two)
        actions.withdraw_second_factor_reset(reset=reset, by=one, at=AT)
        with pytest.raises(actions.UnableToReset, match="承認待ちではありません"):
            actions.approve_second_factor_reset(reset=reset, by=two, at=AT)
        assert SecondFactor.objects.get(user=person).confirmed
        assert ask(person, two)


# --- Accounts


def test_no_account_is_ever_deleted(user, owner) -> None:
    with owner():
        with pytest.raises(UserIsNeverDeleted):
            user.delete()
        with pytest.raises(UserIsNeverDeleted):
            User.objects.filter(pk=user.pk).delete()
    assert User.objects.filter(pk=user.pk).exists()


def test_the_text_of_an_account_is_its_number_not_a_name(user) -> None:
    assert str(user) == "9001"
    assert "花子" not in repr(user)


def test_who_has_left_is_not_active(user, owner) -> None:
    with owner(), pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(left_at=AT)

"""The only writers of accounts: second factors, recovery codes, resets, passwords, sessions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from kumiai.accounts import one_time_codes
from kumiai.accounts.models import RecoveryCode, SecondFactor, SecondFactorReset, User, UserSession


class UnableToVerify(Exception):
    """The code is wrong, used up or not for now; which of them is not said."""

    def __init__(self) -> None:
        super().__init__("コードが正しくありません。新しいコードを確かめて、もう一度入れてください。")


class SecondFactorLocked(Exception):
    """Too many wrong codes in a row."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__("コードの失敗が5回続きました。30分たってから、もう一度お試しください。")


class UnableToReset(Exception):
    """A second-factor reset that the rule of two persons does not allow; the text is for staff."""


class UnableToEnroll(Exception):
    """A second factor that is registered already is not replaced by its owner's password alone."""

    def __init__(self) -> None:
        super().__init__("二要素認証は登録済みです。")


@dataclass(frozen=True)
class _Outcome:
    """What a check came to; raised as an exception only after the failure count has been stored."""

    factor: SecondFactor
    accepted: bool
    locked_until: datetime | None = None

    def or_raise(self) -> SecondFactor:
        if self.locked_until is not None:
            raise SecondFactorLocked(self.locked_until)
        if not self.accepted:
            raise UnableToVerify
        return self.factor


# --- Second factor: enrolment -------------------------------------------------------------------------------


@transaction.atomic
def begin_second_factor(*, user: User) -> SecondFactor:
    """Give the person a new secret, waiting for its first code."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first() or SecondFactor(user=user)
    if factor.confirmed:
        raise UnableToEnroll
    factor.secret = one_time_codes.new_secret()
    factor.last_step, factor.drift, factor.failure_count, factor.locked_until = -1, 0, 0, None
    factor.save()
    return factor


def confirm_second_factor(*, user: User, code: str, at: datetime) -> tuple[SecondFactor, list[str]]:
    """The first right code registers the application. Returns the recovery codes, in the clear only here."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().get(user=user)
        if factor.confirmed:
            raise UnableToEnroll
        outcome = _check(factor, lambda: _accept_code(factor, code, at), at)
        codes: list[str] = []
        if outcome.accepted:
            factor.confirmed, factor.confirmed_at = True, at
            factor.save(update_fields=["confirmed", "confirmed_at"])
            codes = _issue_recovery_codes(factor, at)
    return outcome.or_raise(), codes


# --- Second factor: log-in ----------------------------------------------------------------------------------


def verify_second_factor(*, user: User, code: str, at: datetime) -> SecondFactor:
    """Accept a one-time code once. The row is locked, so parallel guesses count one after another."""
    with transaction.atomic():
        factor = _registered_factor(user)
        outcome = _check(factor, lambda: _accept_code(factor, code, at), at)
    return outcome.or_raise()


def use_recovery_code(*, user: User, code: str, at: datetime) -> SecondFactor:
    """Accept a recovery code once; failures count together with those of one-time codes."""
    with transaction.atomic():
        factor = _registered_factor(user)
        outcome = _check(factor, lambda: _accept_recovery_code(factor, code, at), at)
    return outcome.or_raise()


def renew_recovery_codes(*, user: User, code: str, at: datetime) -> list[str]:
    """Ten new recovery codes against a one-time code; the old ones end."""
    with transaction.atomic():
        factor = _registered_factor(user)
        outcome = _check(factor, lambda: _accept_code(factor, code, at), at)
        codes = _issue_recovery_codes(factor, at) if outcome.accepted else []
    outcome.or_raise()
    return codes


def _registered_factor(user: User) -> SecondFactor:
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed=True).first()
    if factor is None:
        raise UnableToVerify
    return factor


def _check(factor: SecondFactor, accepts: Callable[[], bool], at: datetime) -> _Outcome:
    """Run `accepts` unless locked, and keep the count of failures in a row."""
    if factor.is_locked(at):
        return _Outcome(factor, accepted=False, locked_until=factor.locked_until)
    if accepts():
        factor.failure_count, factor.locked_until = 0, None
        factor.save(update_fields=["failure_count", "locked_until", "last_step", "drift"])
        return _Outcome(factor, accepted=True)
    factor.failure_count += 1
    factor.locked_until = None
    if factor.failure_count >= SecondFactor.FAILURE_LIMIT:
        factor.failure_count, factor.locked_until = 0, at + SecondFactor.LOCK_TIME
    factor.save(update_fields=["failure_count", "locked_until"])
    return _Outcome(factor, accepted=False, locked_until=factor.locked_until)


def _accept_code(factor: SecondFactor, code: str, at: datetime) -> bool:
    accepted = one_time_codes.accept_code(
        factor.secret,
        one_time_codes.normalize_code(code),
        at=at.timestamp(),
        drift=factor.drift,
        last_step=factor.last_step,
    )
    if accepted is None:
        return False
    factor.last_step, factor.drift = accepted.step, accepted.drift
    return True


def _accept_recovery_code(factor: SecondFactor, code: str, at: datetime) -> bool:
    if not factor.recovery_salt:
        return False
    digest = one_time_codes.recovery_digest(code, salt=factor.recovery_salt)
    for kept in factor.recovery_codes.filter(used_at__isnull=True, retired_at__isnull=True):
        if one_time_codes.same_digest(kept.digest, digest):
            kept.used_at = at
            kept.save(update_fields=["used_at"])
            return True
    return False


def _retire_recovery_codes(factor: SecondFactor, at: datetime) -> None:
    factor.recovery_codes.filter(used_at__isnull=True, retired_at__isnull=True).update(retired_at=at)


def _issue_recovery_codes(factor: SecondFactor, at: datetime) -> list[str]:
    _retire_recovery_codes(factor, at)
    codes = one_time_codes.new_recovery_codes()
    factor.recovery_salt = one_time_codes.new_salt()
    factor.save(update_fields=["recovery_salt"])
    RecoveryCode.objects.bulk_create(
        RecoveryCode(
            second_factor=factor,
            digest=one_time_codes.recovery_digest(code, salt=factor.recovery_salt),
            created_at=at,
        )
        for code in codes
    )
    return codes


# --- Second factor: reset by two persons ----------------------------------------------------------------------


def check_can_request_reset(*, person: User, by: User) -> None:
    """Not for oneself, not without a second factor, not twice."""
    if by.pk == person.pk:
        raise UnableToReset("自分の二要素認証のリセットは申請できません。ほかの管理者に依頼してください。")
    if not SecondFactor.objects.filter(user=person, confirmed=True).exists():
        raise UnableToReset("この職員は二要素認証を登録していません。次のログインで登録できます。")
    if SecondFactorReset.objects.filter(person=person, approved_at=None, withdrawn_at=None).exists():
        raise UnableToReset("この職員のリセットは、すでに承認待ちです。")


def request_second_factor_reset(*, person: User, reason: str, by: User, at: datetime) -> SecondFactorReset:
    """One administrator asks that somebody else's second factor be registered anew."""
    check_can_request_reset(person=person, by=by)
    try:
        with transaction.atomic():
            return SecondFactorReset.objects.create(person=person, reason=reason, requested_by=by, requested_at=at)
    except IntegrityError as error:
        raise UnableToReset("この職員のリセットは、すでに承認待ちです。") from error


@transaction.atomic
def approve_second_factor_reset(*, reset: SecondFactorReset, by: User, at: datetime) -> None:
    """A second administrator approves: the secret, the recovery codes and the sessions of the person end."""
    reset = SecondFactorReset.objects.select_for_update().get(pk=reset.pk)
    if not reset.is_open:
        raise UnableToReset("このリセットは承認待ちではありません。")
    if by.pk == reset.person_id:
        raise UnableToReset("自分の二要素認証のリセットは承認できません。")
    if by.pk == reset.requested_by_id:
        raise UnableToReset("申請した人は承認できません。ほかの管理者に依頼してください。")
    reset.approved_by, reset.approved_at = by, at
    reset.save(update_fields=["approved_by", "approved_at"])
    factor = SecondFactor.objects.select_for_update().get(user=reset.person_id)
    _retire_recovery_codes(factor, at)
    factor.secret = one_time_codes.new_secret()
    factor.confirmed, factor.confirmed_at, factor.recovery_salt = False, None, ""
    factor.last_step, factor.drift, factor.failure_count, factor.locked_until = -1, 0, 0, None
    factor.save()
    UserSession.objects.filter(user=reset.person_id).delete()


@transaction.atomic
def withdraw_second_factor_reset(*, reset: SecondFactorReset, by: User, at: datetime) -> None:
    """A request is taken back, by anyone who may ask for one except the person it is about."""
    reset = SecondFactorReset.objects.select_for_update().get(pk=reset.pk)
    if not reset.is_open:
        raise UnableToReset("このリセットは承認待ちではありません。")
    if by.pk == reset.person_id:
        raise UnableToReset("自分についてのリセットは取り下げられません。")
    reset.withdrawn_by, reset.withdrawn_at = by, at
    reset.save(update_fields=["withdrawn_by", "withdrawn_at"])


# --- Password and sessions ------------------------------------------------------------------------------------


@transaction.atomic
def change_own_password(*, user: User, new_password: str, keep_session: str) -> None:
    """The person's own new password. Every other session of theirs ends; `keep_session` is a stored session key."""
    user.set_password(new_password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    end_other_sessions(user=user, keep_session=keep_session)


def end_session(*, user: User, session_key: str) -> bool:
    """End one session of the person's own, named by its stored key. False if there is none."""
    ended, _ = UserSession.objects.filter(user=user, session_key=session_key).delete()
    return ended > 0


def end_other_sessions(*, user: User, keep_session: str) -> int:
    """End all sessions of the person but the one in hand; how many ended."""
    ended, _ = UserSession.objects.filter(user=user).exclude(session_key=keep_session).delete()
    return ended

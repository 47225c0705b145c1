"""One-time codes against the published vectors, and recovery codes."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kumiai.accounts import one_time_codes as codes

# RFC 6238 appendix B, SHA-1, secret "12345678901234567890"; the last six of the eight digits printed there.
RFC_SECRET = b"12345678901234567890"
RFC_6238 = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("at", "printed"), RFC_6238)
def test_codes_are_those_of_rfc_6238(at: int, printed: str) -> None:
    assert codes.code_at(RFC_SECRET, at=at) == printed[-6:]


def test_a_code_is_accepted_in_its_own_step_and_one_to_either_side() -> None:
    at = 1_800_000_000
    steps = {}
    for offset in (-2, -1, 0, 1, 2):
        code = codes.code_at(RFC_SECRET, at=at + offset * 30)
        steps[offset] = codes.accept_code(RFC_SECRET, code, at=at, drift=0, last_step=-1)
    assert [offset for offset, accepted in steps.items() if accepted] == [-1, 0, 1]


def test_an_accepted_step_and_those_before_it_never_match_again() -> None:
    at = 1_800_000_000
    code = codes.code_at(RFC_SECRET, at=at)
    accepted = codes.accept_code(RFC_SECRET, code, at=at, drift=0, last_step=-1)
    assert accepted is not None
    assert codes.accept_code(RFC_SECRET, code, at=at + 1, drift=0, last_step=accepted.step) is None
    earlier = codes.code_at(RFC_SECRET, at=at - 30)
    assert codes.accept_code(RFC_SECRET, earlier, at=at, drift=0, last_step=accepted.step) is None
    later = codes.code_at(RFC_SECRET, at=at + 30)
    assert codes.accept_code(RFC_SECRET, later, at=at + 30, drift=0, last_step=accepted.step) is not None


def test_a_phone_that_runs_behind_is_followed_from_code_to_code() -> None:
    at, drift, last = 1_800_000_000, 0, -1
    for behind in (0, 1, 2, 3, 4):
        at += 3600
        code = codes.code_at(RFC_SECRET, at=at - behind * 30)
        accepted = codes.accept_code(RFC_SECRET, code, at=at, drift=drift, last_step=last)
        assert accepted is not None, f"{behind} steps behind"
        drift, last = accepted.drift, accepted.step
    assert drift == -4


def test_the_drift_that_is_followed_has_an_end() -> None:
    at = 1_800_000_000
    code = codes.code_at(RFC_SECRET, at=at - 5 * 30)
    accepted = codes.accept_code(RFC_SECRET, code, at=at, drift=-4, last_step=-1)
    assert accepted is not None
    assert accepted.drift == -codes.MAX_DRIFT_STEPS


@pytest.mark.parametrize("typed", ["123456", "１２３４５６", "123 456", "１２３　４５６", "123-456", " 123456\n"])
def test_full_width_digits_and_spaces_are_read(typed: str) -> None:
    assert codes.normalize_code(typed) == "123456"


@given(st.text(max_size=40))
def test_whatever_is_typed_is_refused_without_an_error(typed: str) -> None:
    code = codes.normalize_code(typed)
    accepted = codes.accept_code(RFC_SECRET, code, at=0, drift=0, last_step=10)
    assert accepted is None


def test_the_address_for_the_application_names_the_number_and_carries_the_secret() -> None:
    uri = codes.provisioning_uri(RFC_SECRET, issuer="見本健康保険組合", account="1001")
    query = parse_qs(urlsplit(uri).query)
    assert uri.startswith("otpauth://totp/")
    assert base64.b32decode(query["secret"][0]) == RFC_SECRET
    assert query["issuer"] == ["見本健康保険組合"]


def test_recovery_codes_are_ten_and_all_different() -> None:
    made = codes.new_recovery_codes()
    assert len(set(made)) == codes.RECOVERY_CODE_COUNT
    assert all(len(code.replace("-", "")) == codes.RECOVERY_LENGTH for code in made)


def test_a_recovery_code_may_be_typed_in_any_width_and_case() -> None:
    salt = codes.new_salt()
    assert codes.recovery_digest("ABCD-2345-WXYZ", salt=salt) == codes.recovery_digest(
        "ａｂｃｄ２３４５ wxyz", salt=salt
    )
    assert codes.recovery_digest("ABCD-2345-WXYZ", salt=salt) != codes.recovery_digest(
        "ABCD-2345-WXYZ", salt=codes.new_salt()
    )

"""The 全銀 file: byte for byte, there and back, and every way a result can be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.payments.files import zengin, zengin_text
from members.payments.rules.days import is_bank_day, transfer_day
from members.payments.rules.names import same_holder

GOLDEN = Path(__file__).parent / "golden"
PAYER = zengin.Payer(
    "21", "1234567890", "ﾐﾗｲｹﾝｺｳﾎｹﾝｸﾐｱｲ", date(2026, 11, 25), "0001", "ﾐｽﾞﾎ", "001", "ﾄｳｷﾖｳ", 1, "1234567"
)
TRANSFERS = [
    zengin.Transfer("0005", "ﾐﾂﾋﾞｼUFJ", "123", "ｼﾝｼﾞﾕｸ", 1, "7654321", "ｻﾄｳ ﾊﾅｺ", 187_654, "41"),
    zengin.Transfer("9900", "ﾕｳﾁﾖ", "018", "ｾﾞﾛｲﾁﾊﾁ", 1, "0012345", "ｶ)ﾀﾅｶ-ｼﾖｳﾃﾝ", 1, "42"),
]


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("general_crlf.txt", "21", zengin.BankOptions()),
        ("general_bare_eof.txt", "21", zengin.BankOptions(crlf=False, eof=True)),
        ("salary_crlf.txt", "11", zengin.BankOptions()),
    ],
)
def test_golden(name, kind, options):
    made = zengin.write(replace(PAYER, kind=kind), TRANSFERS, options)
    assert made == (GOLDEN / name).read_bytes()
    records = zengin.split(made)
    assert [len(record) for record in records] == [120] * 5
    assert [record[:1] for record in records] == [b"1", b"2", b"2", b"8", b"9"]
    assert records[0][54:58] == b"1125" and records[0][1:3] == kind.encode()
    assert records[1][80:90] == b"0000187654" and records[1][50:80].decode("cp932").rstrip() == "ｻﾄｳ ﾊﾅｺ"
    assert records[3][1:19] == b"000002" + b"000000187655"


def result(made: bytes, codes: str) -> bytes:
    """What the bank sends back: the file with a code in each data record."""
    records, codes_left = zengin.split(made), iter(codes)
    return b"\r\n".join(r[:119] + next(codes_left).encode() if r[:1] == b"2" else r for r in records) + b"\r\n"


def test_result_and_everything_wrong_with_it():
    made = zengin.write(PAYER, TRANSFERS)
    good = result(made, "05")
    read = zengin.read_result(good)
    assert not read.problems and [(row.customer, row.amount, row.paid) for row in read.rows] == [
        ("41", 187_654, True),
        ("42", 1, False),
    ]

    def lines(body: bytes) -> list[int]:
        found = zengin.read_result(body).problems
        assert all(problem.message.endswith("。") for problem in found)
        return [problem.line for problem in found]

    records = good.split(b"\r\n")[:5]
    assert lines(b"") == [0] and lines(made)[:2] == [2, 3]
    assert lines(b"\r\n".join(records[:3])) == [0, 0]
    assert lines(b"\r\n".join([records[0], records[1][:100], *records[2:]])) == [2, 4, 4]
    assert lines(good.replace(b"000000187655", b"000000187656")) == [4]
    assert lines(b"\r\n".join([*records[:2], b"7" + records[2][1:], *records[3:]])) == [3, 4, 4]
    assert lines(b"\r\n".join([*records, records[1]])) == [6]
    assert lines(b"\r\n".join([records[0], *records])) == [2]
    assert lines(b"\r\n".join([*records[:4], records[3], records[4]])) == [5]
    assert 2 in lines(b"\r\n".join([records[0], records[1][:80] + b"00000ABC00" + records[1][90:], *records[2:]]))


@settings(max_examples=50)
@given(st.binary(max_size=500))
def test_any_bytes_are_told_not_thrown(body):
    assert zengin.read_result(body).problems


KANA = st.text(st.sampled_from("アカガパッャーヴ・ ｦがﾌﾞab９"), min_size=1, max_size=12)


@settings(max_examples=50)
@given(st.lists(st.tuples(KANA, st.integers(1, 10**10 - 1)), min_size=1, max_size=5), st.booleans(), st.booleans())
def test_there_and_back(people, crlf, eof):
    transfers = []
    for number, (name, amount) in enumerate(people, start=1):
        try:
            holder = zengin_text.normalise(name).text
        except zengin_text.BadText:
            continue
        transfers.append(zengin.Transfer("0001", "", "001", "", 1, "1", holder, amount, str(number)))
    if not transfers:
        return
    made = zengin.write(PAYER, transfers, zengin.BankOptions(crlf=crlf, eof=eof))
    read = zengin.read_result(result(made, "0" * len(transfers)))
    assert not read.problems and [row.amount for row in read.rows] == [one.amount for one in transfers]
    assert [row.customer for row in read.rows] == [one.customer for one in transfers]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("サトウ　ハナコ", "ｻﾄｳ ﾊﾅｺ"),
        ("さとう　はなこ", "ｻﾄｳ ﾊﾅｺ"),
        ("ギュンター・ヲノ", "ｷﾞﾕﾝﾀ-.ｵﾉ"),
        ("株式会社タナカ", "ｶ)ﾀﾅｶ"),
        ("タナカ株式会社", "ﾀﾅｶ(ｶ"),
        ("タナカ株式会社シンジュク", "ﾀﾅｶ(ｶ)ｼﾝｼﾞﾕｸ"),
        ("医療法人社団ハル", "ｲ)ﾊﾙ"),
        ("abc１２", "ABC12"),
        ("ｦｦｰｯ", "ｵｵ-ﾂ"),
    ],
)
def test_names_as_banks_write_them(typed, text):
    made = zengin_text.normalise(typed)
    assert made.text == text
    assert zengin_text.normalise(made.text).text == text, "書いたものをもう一度直しても変わらない"


def test_each_change_is_told_and_each_refusal_names_the_character():
    assert [(c.before, c.after) for c in zengin_text.normalise("キョーコ").changes] == [("ョ", "ﾖ"), ("ー", "-")]
    for bad, character in (("佐藤", "佐"), ("サトウ☆", "☆"), ("ｱ,ｲ", ",")):
        with pytest.raises(zengin_text.BadText, match=f"「{character}」"):
            zengin_text.normalise(bad)
    with pytest.raises(zengin_text.BadText, match="30文字まで"):
        zengin_text.normalise("ガ" * 16)
    with pytest.raises(zengin_text.BadText, match="「A」"):
        zengin_text.normalise("Aサトウ", allowed=zengin_text.OF_SALARY)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": 10**10},
        {"bank_code": "12345"},
        {"holder": "佐藤"},
        {"account_number": "１"},
        {"holder": ""},
    ],
)
def test_no_file_a_bank_would_refuse(change):
    with pytest.raises(zengin.UnableToWrite):
        zengin.write(PAYER, [replace(TRANSFERS[0], **change)])
    with pytest.raises(zengin.UnableToWrite):
        zengin.write(PAYER, [])


def test_the_day_of_transfer_and_the_name():
    holidays = {date(2026, 11, 23)}
    assert transfer_day(date(2026, 11, 23), holidays) == date(2026, 11, 20)
    assert transfer_day(date(2026, 11, 23), holidays, previous=False) == date(2026, 11, 24)
    assert transfer_day(date(2027, 1, 3), set()) == date(2026, 12, 30)
    assert not is_bank_day(date(2026, 12, 31), set())
    assert same_holder("ｻﾄｳ ﾊﾅｺ", "ｻﾄｳﾊﾅｺ") and not same_holder("ｻﾄｳ ﾊﾅ", "ｻﾄｳﾊﾅｺ") and not same_holder("-", "")

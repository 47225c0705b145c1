"""The 全銀 file: byte for byte, there and back, and every way a result can be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.payments.files import layout, zengin, zengin_text
from members.payments.rules import post_bank
from members.payments.rules.days import due_until, is_bank_day, transfer_day
from members.payments.rules.names import same_holder

GOLDEN = Path(__file__).parent / "golden"
PAYER = zengin.Payer(
    "21", "1234567890", "ﾐﾗｲｹﾝｺｳﾎｹﾝｸﾐｱｲ", date(2026, 11, 25), "0001", "ﾐｽﾞﾎ", "001", "ﾄｳｷﾖｳ", 1, "1234567"
)
TRANSFERS = [
    zengin.Transfer("0005", "ﾐﾂﾋﾞｼUFJ", "123", "ｼﾝｼﾞﾕｸ", 1, "7654321", "ｻﾄｳ ﾊﾅｺ", 187_654, "41"),
    zengin.Transfer("9900", "ﾕｳﾁﾖ", "018", "ｾﾞﾛｲﾁﾊﾁ", 1, "0012345", "ｶ)ﾀﾅｶ-ｼﾖｳﾃﾝ", 1, "42"),
]
OF_KIND = {"21": TRANSFERS, "11": [TRANSFERS[0], replace(TRANSFERS[1], holder="ﾀﾅｶ ｼﾞﾛｳ")]}


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("general_crlf.txt", "21", zengin.BankOptions()),
        ("general_bare_eof.txt", "21", zengin.BankOptions(crlf=False, eof=True)),
        ("salary_crlf.txt", "11", zengin.BankOptions()),
    ],
)
def test_golden(name, kind, options):
    made = zengin.write(replace(PAYER, kind=kind), OF_KIND[kind], options)
    assert made == (GOLDEN / name).read_bytes()
    records = zengin.split(made)
    assert [len(record) for record in records] == [120] * 5
    assert [record[:1] for record in records] == [b"1", b"2", b"2", b"8", b"9"]
    assert records[0][54:58] == b"1125" and records[0][1:3] == kind.encode()
    assert records[1][80:90] == b"0000187654" and records[1][50:80].decode("cp932").rstrip() == "ｻﾄｳ ﾊﾅｺ"
    assert records[3][1:19] == b"000002" + b"000000187655"


@pytest.mark.parametrize("kind", ["21", "11"])
def test_the_table_of_columns_fills_each_record_without_gap_or_overlap(kind):
    for fields in (layout.HEADER, layout.DATA[kind], layout.TRAILER, layout.END):
        ends = [0, *(field.end for field in fields)]
        assert ends[-1] == 120 and [field.at for field in fields] == ends[:-1]
        assert all(len(field.constant) in (0, field.length) for field in fields)


@pytest.mark.parametrize("kind", ["21", "11"])
def test_a_code_of_the_result_stands_only_where_the_order_says_nothing_of_a_payee(kind):
    taken = {byte for field in layout.DATA[kind] if field.name for byte in range(field.at + 1, field.end + 1)}
    assert not taken & set(layout.FREE_BYTES)


@pytest.mark.parametrize(
    ("change", "word"),
    [({"holder": "ｶ)ﾀﾅｶ"}, "受取人名"), ({"holder": "ABC"}, "受取人名"), ({"account_kind": 4}, "預金種目4")],
)
def test_a_salary_transfer_takes_what_its_records_can_say(change, word):
    salary, one = replace(PAYER, kind="11"), OF_KIND["11"][1]
    with pytest.raises(zengin.UnableToWrite, match=f"1件目：.*{word}"):
        zengin.write(salary, [replace(one, **change)])
    assert zengin.write(PAYER, [replace(one, **change)]), "総合振込なら書ける"


def test_savings_are_paid_a_salary_where_the_bank_agreed():
    one = replace(OF_KIND["11"][1], account_kind=4)
    made = zengin.write(replace(PAYER, kind="11"), [one], zengin.BankOptions(savings=True))
    assert zengin.split(made)[1][42:43] == b"4"


def result(made: bytes, codes: str, at: int = 120, end: bytes = b"\r\n") -> bytes:
    """What the bank sends back: the file with a code in one byte of each data record."""
    records, left = zengin.split(made), iter(codes)
    return end.join(r[: at - 1] + next(left).encode() + r[at:] if r[:1] == b"2" else r for r in records) + end


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r", b"", b"\x1a"])
def test_a_result_is_read_whatever_ends_its_records(end):
    made = zengin.write(PAYER, TRANSFERS)
    body = result(made, "05", end=b"" if end == b"\x1a" else end) + (b"\x1a" if end == b"\x1a" else b"")
    read = zengin.read_result(body)
    assert not read.problems and [row.paid for row in read.rows] == [True, False]
    assert (read.kind, read.client_code, read.day) == ("21", "1234567890", "1125")


@pytest.mark.parametrize("at", layout.FREE_BYTES)
def test_each_bank_has_its_own_place_and_words_for_a_result(at):
    place = zengin.ResultPlace(at, *layout.read_codes("A 入金済み\nB 口座解約"))
    made = zengin.write(PAYER, TRANSFERS)
    read = zengin.read_result(result(made, "AB", at), place)
    assert not read.problems and [(row.code, row.paid) for row in read.rows] == [("A", True), ("B", False)]
    for other in (result(made, "05", at), made):
        told = zengin.read_result(other, place).problems
        assert [problem.line for problem in told][:2] == [2, 3] and f"{at}バイト目" in told[0].message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "1行目"),
        ("0 振込済み", "1行目"),
        ("0振込済み\n1 口座なし", "1行目"),
        ("0 振込済み\n10 口座なし", "2行目"),
        ("0 振込済み\n０ 口座なし", "2行目"),
        ("0 振込済み\n0 口座なし", "二度"),
        ("0 振込済み\n1", "2行目"),
    ],
)
def test_a_table_of_codes_that_cannot_be_read_is_told_by_line(text, word):
    with pytest.raises(layout.BadCodes, match=word):
        layout.read_codes(text)


@pytest.mark.parametrize("at", [0, 80, 90, 92, 111, 121])
def test_no_code_is_looked_for_in_what_names_a_payee(at):
    with pytest.raises(ValueError, match="112から120"):
        zengin.ResultPlace(at, {"0": "済み", "1": "不能"}, "0")


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


@pytest.mark.parametrize(
    ("symbol", "number", "made"),
    [
        ("10180", "12345671", ("9900", "018", 1, "1234567")),
        ("10180", "11", ("9900", "018", 1, "0000001")),
        ("00190", "123456", ("9900", "019", 2, "0123456")),
    ],
)
def test_a_passbook_of_the_post_bank_as_transfers_name_it(symbol, number, made):
    assert tuple(vars(post_bank.converted(symbol, number)).values()) == made


@pytest.mark.parametrize(
    ("symbol", "number", "word"),
    [
        ("20180", "11", "記号"), ("1018", "11", "記号"), ("", "11", "記号"), ("10180", "12345670", "末尾が1"),
        ("10180", "1", "末尾が1"), ("10180", "123456781", "8桁"), ("10180", "", "8桁"), ("00190", "12345678", "7桁"),
        ("１0180", "11", "記号"),
    ],
)  # fmt: skip
def test_no_passbook_says_so(symbol, number, word):
    with pytest.raises(post_bank.BadPassbook, match=word):
        post_bank.converted(symbol, number)


def test_closed_days_are_paid_with_the_bank_day_before_or_after_them():
    holidays = {date(2026, 11, 23)}
    friday, tuesday = date(2026, 11, 20), date(2026, 11, 24)
    assert due_until(friday, holidays) == date(2026, 11, 23), "土日と祝日に支払うものは、前の営業日に"
    assert due_until(friday, holidays, previous=False) == friday
    assert due_until(tuesday, holidays) == tuesday
    assert due_until(date(2026, 12, 30), set()) == date(2027, 1, 3)


@settings(max_examples=100)
@given(st.dates(date(2024, 1, 1), date(2028, 11, 30)), st.booleans())
def test_every_day_is_paid_by_exactly_one_bank_day(day, previous):
    holidays = {date(2026, 11, 23), date(2027, 1, 11), date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)}
    paid = transfer_day(day, holidays, previous=previous)
    assert is_bank_day(paid, holidays) and (paid <= day if previous else paid >= day)
    assert due_until(paid, holidays, previous=previous) >= (day if previous else paid)
    before = transfer_day(paid - timedelta(days=1), holidays)
    assert due_until(before, holidays, previous=previous) < (day if previous else paid), "その前の営業日では払わない"


def test_the_day_of_transfer_and_the_name():
    holidays = {date(2026, 11, 23)}
    assert transfer_day(date(2026, 11, 23), holidays) == date(2026, 11, 20)
    assert transfer_day(date(2026, 11, 23), holidays, previous=False) == date(2026, 11, 24)
    assert transfer_day(date(2027, 1, 3), set()) == date(2026, 12, 30)
    assert not is_bank_day(date(2026, 12, 31), set())
    assert same_holder("ｻﾄｳ ﾊﾅｺ", "ｻﾄｳﾊﾅｺ") and not same_holder("ｻﾄｳ ﾊﾅ", "ｻﾄｳﾊﾅｺ") and not same_holder("-", "")

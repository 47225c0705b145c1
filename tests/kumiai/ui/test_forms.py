"""Fields understand what clerks type; errors stand on top and beside the field."""

from datetime import date

import pytest
from django import forms

from kumiai.ui.forms import DigitsField, JapaneseDateField, KanaField, PortalForm, PostalCodeField, YenField


class Entry(PortalForm):
    born = JapaneseDateField(label="生年月日")
    reading = KanaField(label="フリガナ", required=False)
    postal = PostalCodeField(label="郵便番号", required=False)
    number = DigitsField(label="番号", required=False)
    pay = YenField(label="報酬月額", required=False)
    sex = forms.ChoiceField(label="性別", choices=[("1", "男"), ("2", "女")], widget=forms.RadioSelect, required=False)
    agreed = forms.BooleanField(label="確かめました", required=False)


def test_typing_is_normalised():
    form = Entry(
        {
            "born": "昭和５４／９／２７",
            "reading": "たかさき",
            "postal": "１０５－００１１",
            "number": "１２ ３４",
            "pay": "３２０，０００円",
        }
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == date(1979, 9, 27)
    assert form.cleaned_data["reading"] == "タカサキ"
    assert form.cleaned_data["postal"] == "1050011"
    assert form.cleaned_data["number"] == "1234"
    assert form.cleaned_data["pay"] == 320_000


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("born", "S65.5.7", "昭和65年はありません。"),
        ("pay", "32万", "「32万」は金額として読めません。"),
        ("postal", "105-001", "郵便番号は7桁の数字です。"),
        ("number", "12a", "数字で入力してください。"),
        ("reading", "高橋", "フリガナに「高」は使えません。"),
    ],
)
def test_an_error_stands_on_top_and_beside_its_field(field, typed, sentence):
    form = Entry({"born": "1979-9-27", field: typed})
    html = str(form)
    assert html.count(sentence) == 2
    assert "1か所を直すと登録できます" in html
    assert f'href="#id_{field}"' in html
    assert f'id="id_{field}_error"' in html
    assert f'value="{typed}"' in html, "what was typed is lost"
    assert 'aria-invalid="true"' in html


def test_what_was_understood_stands_below_the_field():
    html = str(Entry({"born": "S54.9.27", "reading": "ﾀｶｻｷ"}))
    assert "昭和54年9月27日（木）" in html
    assert "タカサキ として登録します" in html


def test_required_is_said_in_words():
    html = str(Entry())
    assert html.count("必須") == 1
    assert "任意" in html


def test_a_group_of_choices_is_labelled_as_a_group():
    html = str(Entry())
    assert 'role="group" aria-labelledby="id_sex_label"' in html
    assert 'for=""' not in html


def test_ids_stand_once():
    class Strict(PortalForm):
        number = DigitsField(label="番号", min_length=5)
        agreed = forms.BooleanField(label="確かめました")

    import re

    html = str(Strict({"number": "1"}))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("このフィールドは必須です。") == 2, "the error of a check box must be seen"


def test_a_stored_date_reads_back_unchanged():
    form = Entry({"born": "昭54.9.27"}, initial={"born": date(1979, 9, 27)})
    assert form["born"].initial == date(1979, 9, 27)
    assert not form.has_changed()

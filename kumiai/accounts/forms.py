"""Forms of logging in and of one's own account."""

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth import password_validation

from kumiai.accounts import one_time_codes
from kumiai.accounts.models import User
from kumiai.ui.forms import PortalForm


class LoginStepForm(PortalForm):
    """A form of the log-in pages: every field has to be filled, so no marks; the hint stands below the field."""

    template_name = "kumiai/accounts/components/login_form.html"


class AccountForm(PortalForm):
    """A form of one's own account."""

    template_name = "kumiai/accounts/components/account_form.html"


class LoginForm(LoginStepForm):
    """First step. Says nothing about which of the two was wrong."""

    staff_number = forms.CharField(
        label="職員番号",
        max_length=20,
        error_messages={
            "required": "職員番号を入れてください。",
            "max_length": "職員番号は20文字までです。入れ直してください。",
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="パスワード",
        strip=False,
        max_length=200,
        error_messages={"required": "パスワードを入れてください。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_staff_number(self) -> str:
        """Full-width typing is understood: １００１ → 1001. What can be nobody's number (a name pasted into the wrong field)
        is no try to log in, because the record of tries keeps what was typed."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["staff_number"]).strip()
        for validate in User._meta.get_field("staff_number").validators:
            validate(typed)
        return typed


class CodeForm(LoginStepForm):
    """Second step: the six digits of the authenticator application."""

    code = forms.CharField(
        label="確認コード（6桁）",
        max_length=40,
        help_text="全角でも、空白が入っても読み取ります。コードは30秒ごとに変わります。",
        error_messages={"required": "確認コードを入れてください。", "max_length": "確認コードは数字6桁です。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        code = one_time_codes.normalize_code(self.cleaned_data["code"])
        if not (len(code) == one_time_codes.DIGITS and code.isascii() and code.isdigit()):
            raise forms.ValidationError("確認コードは数字6桁です。認証アプリの数字を入れてください。")
        return code


class CodeAgainForm(AccountForm, CodeForm):
    """The code once more, for something that only its owner may do."""

    template_name = AccountForm.template_name


class RecoveryCodeForm(LoginStepForm):
    """Second step without the telephone: one of the ten recovery codes."""

    code = forms.CharField(
        label="予備のコード",
        max_length=60,
        help_text="英数字12文字です。小文字でも、ハイフンがなくても読み取ります。1つのコードは1回だけ使えます。",
        error_messages={"required": "予備のコードを入れてください。", "max_length": "予備のコードは英数字12文字です。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
    )


class PasswordChangeForm(AccountForm):
    """One's own password. The present one is checked by the view, where failures count towards the lock-out."""

    old_password = forms.CharField(
        label="今のパスワード",
        strip=False,
        max_length=200,
        error_messages={"required": "今のパスワードを入れてください。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password = forms.CharField(
        label="新しいパスワード",
        strip=False,
        max_length=200,
        help_text="12文字以上です。職員番号や氏名に似たもの、よく使われるものは使えません。",
        error_messages={"required": "新しいパスワードを入れてください。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label="新しいパスワード（確認）",
        strip=False,
        max_length=200,
        error_messages={"required": "確認のため、新しいパスワードをもう一度入れてください。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_new_password(self) -> str:
        new: str = self.cleaned_data["new_password"]
        if new == self.data.get("old_password"):
            raise forms.ValidationError("今のパスワードと同じです。別のパスワードにしてください。")
        password_validation.validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        new, again = cleaned.get("new_password"), cleaned.get("new_password_again")
        if new and again and new != again:
            self.add_error("new_password_again", "新しいパスワードと一致しません。同じものを入れてください。")
        return cleaned

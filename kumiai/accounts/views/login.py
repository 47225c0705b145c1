"""The way in, in two steps, and the way out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from kumiai.accounts import actions, login, one_time_codes, queries
from kumiai.accounts.forms import CodeForm, LoginForm, RecoveryCodeForm
from kumiai.accounts.models import SecondFactor
from kumiai.accounts.paths import safe_next
from kumiai.accounts.qr import qr_svg
from kumiai.ui.declarations import NO_PERSONAL_DATA

# One sentence for a wrong staff number, a wrong password, an account that has ended.
WRONG = "職員番号またはパスワードが正しくありません。確かめて、もう一度入れてください。"
LOCKED = "入力の失敗が5回続いたため、この職員番号では30分間ログインできません。時間をおいて、もう一度お試しください。"
TIMED_OUT = "時間がたったため、職員番号とパスワードから入れ直してください。"


def keep_response(request: HttpRequest, original: HttpResponse, credentials: dict | None) -> HttpResponse:
    """What django-axes answers in a lock-out: the page of ours that says so already."""
    return original


def about_login() -> dict[str, object]:
    """What stands beside the form: limits, and whom to ask."""
    return {
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "warning_minutes": settings.SESSION_WARNING_SECONDS // 60,
        "contact": settings.ASSOCIATION["contact"],
    }


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class LoginView(View):
    """First step: staff number and password."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(safe_next(request, request.GET.get(REDIRECT_FIELD_NAME, "")) or "home")
        return self._page(request, LoginForm())

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form = LoginForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        user = authenticate(
            request, staff_number=form.cleaned_data["staff_number"], password=form.cleaned_data["password"]
        )
        if user is None:
            locked = bool(getattr(request, "axes_locked_out", False))
            form.add_error(None, LOCKED if locked else WRONG)
            return self._page(request, form, status=429 if locked else 422)
        login.remember_password_passed(request, user, request.POST.get(REDIRECT_FIELD_NAME, ""))
        factor = queries.second_factor_of(user)
        if factor is not None and factor.confirmed:
            return redirect("accounts:login-code")
        actions.begin_second_factor(user=user)
        return redirect("accounts:second-factor-enroll")

    def _page(self, request: HttpRequest, form: LoginForm, status: int = 200) -> HttpResponse:
        target = (request.POST if request.method == "POST" else request.GET).get(REDIRECT_FIELD_NAME, "")
        context = {"form": form, "next": safe_next(request, target), "step": 1, **about_login()}
        return render(request, "kumiai/accounts/login.html", context, status=status)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class SecondStepView(View):
    """What the pages of the second step share: without a first step, back to it."""

    activity = NO_PERSONAL_DATA
    waiting: login.Pending

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect("home")
        waiting = login.pending(request)
        if waiting is None:
            if request.method == "POST":
                messages.warning(request, TIMED_OUT)
            return redirect("accounts:login")
        self.waiting = waiting
        return super().dispatch(request, *args, **kwargs)


class LoginCodeView(SecondStepView):
    """Second step: the code of the authenticator application."""

    template = "kumiai/accounts/login_code.html"
    form_class: type[CodeForm] | type[RecoveryCodeForm] = CodeForm

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, self.form_class())

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            factor = self._accept(form.cleaned_data["code"])
        except actions.UnableToVerify as error:
            form.add_error("code", str(error))
            return self._page(request, form, status=422)
        except actions.SecondFactorLocked as error:
            form.add_error(None, str(error))
            return self._page(request, form, status=429)
        return self._go_on(request, factor)

    def _accept(self, code: str) -> SecondFactor:
        return actions.verify_second_factor(user=self.waiting.user, code=code, at=timezone.now())

    def _go_on(self, request: HttpRequest, factor: SecondFactor) -> HttpResponse:
        return redirect(login.complete(request, self.waiting, factor))

    def _page(self, request: HttpRequest, form: CodeForm | RecoveryCodeForm, status: int = 200) -> HttpResponse:
        return render(request, self.template, {"form": form, "step": 2, **about_login()}, status=status)


class LoginRecoveryView(LoginCodeView):
    """Second step without the telephone."""

    template = "kumiai/accounts/login_recovery.html"
    form_class = RecoveryCodeForm

    def _accept(self, code: str) -> SecondFactor:
        return actions.use_recovery_code(user=self.waiting.user, code=code, at=timezone.now())

    def _go_on(self, request: HttpRequest, factor: SecondFactor) -> HttpResponse:
        target = login.complete(request, self.waiting, factor)
        left = queries.count_recovery_codes_left(self.waiting.user)
        messages.warning(request, f"予備のコードを1つ使いました。残りは{left}個です。")
        return redirect(target)


class SecondFactorEnroll(SecondStepView):
    """The first log-in: register an authenticator application, then see the recovery codes, once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, CodeForm())

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        user = self.waiting.user
        try:
            factor, codes = actions.confirm_second_factor(user=user, code=form.cleaned_data["code"], at=timezone.now())
        except actions.UnableToVerify as error:
            form.add_error("code", str(error))
            return self._page(request, form, status=422)
        except actions.SecondFactorLocked as error:
            form.add_error(None, str(error))
            return self._page(request, form, status=429)
        except actions.UnableToEnroll:
            return redirect("accounts:login-code")
        target = login.complete(request, self.waiting, factor)
        return render(request, "kumiai/accounts/recovery_codes.html", {"codes": codes, "next": target, "first": True})

    def _page(self, request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
        factor = queries.second_factor_of(self.waiting.user)
        if factor is None or factor.confirmed:
            return redirect("accounts:login-code")
        form.fields["code"].widget.attrs.pop("autofocus", None)  # the QR code comes first
        uri = one_time_codes.provisioning_uri(
            factor.secret, issuer=settings.ASSOCIATION["name"], account=self.waiting.user.staff_number
        )
        context = {
            "form": form,
            "step": 2,
            **about_login(),
            "qr": qr_svg(uri, title="認証アプリで読み取るQRコード"),
            "secret": one_time_codes.secret_as_text(factor.secret),
        }
        return render(request, "kumiai/accounts/second_factor_enroll.html", context, status=status)


class LoginRestart(View):
    """Another person logs in: forget the first step."""

    activity = NO_PERSONAL_DATA

    def post(self, request: HttpRequest) -> HttpResponse:
        login.forget(request)
        return redirect("accounts:login")


class LogoutView(View):
    """Log out, by POST only."""

    activity = NO_PERSONAL_DATA

    def post(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        messages.success(request, "ログアウトしました。")
        return redirect("accounts:login")

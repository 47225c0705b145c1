"""One's own password, recovery codes and sessions."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from kumiai.accounts import actions, middleware, queries, sessions
from kumiai.accounts.forms import CodeAgainForm, PasswordChangeForm
from kumiai.accounts.login import the_user
from kumiai.accounts.views.login import LOCKED
from kumiai.ui.declarations import NO_PERSONAL_DATA


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class PasswordChange(View):
    """A new password; all other sessions of the person end."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, PasswordChangeForm(user=the_user(request)))

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasswordChangeForm(request.POST, user=the_user(request))
        if not form.is_valid():
            return self._page(request, form, status=422)
        # Through authenticate(), so that wrong guesses at an unattended desk count towards the lock-out.
        same = authenticate(
            request, staff_number=the_user(request).staff_number, password=form.cleaned_data["old_password"]
        )
        if getattr(request, "axes_locked_out", False):
            logout(request)
            messages.error(request, LOCKED)
            return redirect("accounts:login")
        if same is None or same.pk != request.user.pk:
            form.add_error("old_password", "今のパスワードが正しくありません。")
            return self._page(request, form, status=422)
        actions.change_own_password(
            user=the_user(request),
            new_password=form.cleaned_data["new_password"],
            keep_session=sessions.stored_key_of(request),
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, "パスワードを変更しました。ほかの端末のログインは終了しました。")
        return redirect("home")

    def _page(self, request: HttpRequest, form: PasswordChangeForm, status: int = 200) -> HttpResponse:
        return render(request, "kumiai/accounts/password_change.html", {"form": form}, status=status)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class RecoveryCodeRenew(View):
    """Ten new recovery codes against a one-time code; shown once, in the answer itself."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, CodeAgainForm())

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeAgainForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            codes = actions.renew_recovery_codes(
                user=the_user(request), code=form.cleaned_data["code"], at=timezone.now()
            )
        except actions.UnableToVerify as error:
            form.add_error("code", str(error))
            return self._page(request, form, status=422)
        except actions.SecondFactorLocked as error:
            form.add_error(None, str(error))
            return self._page(request, form, status=429)
        return render(request, "kumiai/accounts/recovery_codes.html", {"codes": codes, "first": False})

    def _page(self, request: HttpRequest, form: CodeAgainForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "left": queries.count_recovery_codes_left(the_user(request))}
        return render(request, "kumiai/accounts/recovery_code_renew.html", context, status=status)


@method_decorator(never_cache, name="dispatch")
class UserSessionList(View):
    """Where one is logged in, and the buttons to end it."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        rows = list(queries.live_sessions_of(the_user(request), at=timezone.now(), idle=idle))
        here = sessions.stored_key_of(request)
        context = {
            "sessions": rows,
            "here": here,
            "others": sum(row.session_key != here for row in rows),
            "codes_left": queries.count_recovery_codes_left(the_user(request)),
        }
        return render(request, "kumiai/accounts/session_list.html", context)


class UserSessionEnd(View):
    """End one session of one's own. Its stored key comes in the body, never in the address."""

    activity = NO_PERSONAL_DATA

    def post(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("session", "")
        if key == sessions.stored_key_of(request):
            logout(request)
            messages.success(request, "ログアウトしました。")
            return redirect("accounts:login")
        if actions.end_session(user=the_user(request), session_key=key):
            messages.success(request, "その端末のログインを終了しました。")
        else:
            messages.warning(request, "その端末のログインは、すでに終了しています。")
        return redirect("accounts:session-list")


class UserSessionEndOthers(View):
    """End all sessions of one's own but this one."""

    activity = NO_PERSONAL_DATA

    def post(self, request: HttpRequest) -> HttpResponse:
        ended = actions.end_other_sessions(user=the_user(request), keep_session=sessions.stored_key_of(request))
        messages.success(request, f"ほかの端末のログインを{ended}件終了しました。")
        return redirect("accounts:session-list")


class SessionExtend(View):
    """「操作を続ける」: thirty more minutes from now. Answers 204 with the seconds left."""

    activity = NO_PERSONAL_DATA

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session[sessions.SEEN_AT] = middleware.now()
        response = HttpResponse(status=204)
        whole = request.session[sessions.STARTED_AT] + settings.SESSION_COOKIE_AGE
        response["X-Session-Seconds-Left"] = str(min(settings.SESSION_IDLE_SECONDS, whole - middleware.now()))
        return response

"""二要素認証をもう一度: the page that asks for the code before something weighty."""

from __future__ import annotations

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from kumiai.accounts import actions, step_up
from kumiai.accounts.forms import CodeAgainForm
from kumiai.accounts.login import the_user
from kumiai.accounts.paths import safe_next
from kumiai.ui.declarations import NO_PERSONAL_DATA


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class StepUpPage(View):
    """Asks for a one-time code and goes on to where the person came from."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, CodeAgainForm())

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeAgainForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            actions.verify_second_factor(user=the_user(request), code=form.cleaned_data["code"], at=timezone.now())
        except actions.UnableToVerify as error:
            form.add_error("code", f"{error}一度使ったコードは、次のコードに変わるまで使えません。")
            return self._page(request, form, status=422)
        except actions.SecondFactorLocked as error:
            form.add_error(None, str(error))
            return self._page(request, form, status=429)
        step_up.remember(request)
        return redirect(self._then(request) or "home")

    def _then(self, request: HttpRequest) -> str:
        given = request.POST if request.method == "POST" else request.GET
        return safe_next(request, given.get(REDIRECT_FIELD_NAME, ""))

    def _page(self, request: HttpRequest, form: CodeAgainForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "next": self._then(request), "minutes": step_up.SECONDS // 60}
        return render(request, "kumiai/accounts/step_up.html", context, status=status)

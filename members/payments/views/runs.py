"""支払の回: the list, and one run from collecting to the result."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views import View

from members.payments.activities import BENEFIT_PAYMENT
from members.payments.models import PaymentRun


class RunList(View):
    """支払の回の一覧."""

    activity = BENEFIT_PAYMENT

    def get(self, request: HttpRequest) -> HttpResponse:
        runs = list(PaymentRun.objects.order_by("-payment_date", "-id")[:50])
        return TemplateResponse(request, "members/payments/run_list.html", {"runs": runs})

"""Addresses of 番号法に基づく情報連携, included by `urls` under its name space."""

from django.urls import path

from benefits.cash.views import number_act, number_inquiries

urlpatterns = [
    path("number/", number_act.LinkOverview.as_view(), name="number-overview"),
    path("number/collect/", number_act.LinkCollect.as_view(), name="number-collect"),
    path("number/batches/<int:pk>/", number_act.LinkBatchDetail.as_view(), name="number-batch"),
    path("number/batches/<int:pk>/ask/", number_act.LinkAsk.as_view(), name="number-ask"),
    path("number/batches/<int:pk>/sent/", number_act.LinkSent.as_view(), name="number-sent"),
    path("number/batches/<int:pk>/cancel/", number_act.LinkCancel.as_view(), name="number-cancel"),
    path("number/errors/", number_act.LinkErrorList.as_view(), name="number-error-list"),
    path("number/errors/<str:content>/<int:pk>/again/", number_act.LinkSendAgain.as_view(), name="number-send-again"),
    path("number/answers/", number_act.LinkAnswerList.as_view(), name="number-answer-list"),
    path("number/answers/<int:pk>/", number_act.LinkAnswerDetail.as_view(), name="number-answer"),
    path("number/records/", number_act.LinkRecordList.as_view(), name="number-record-list"),
    path("number/inquiries/", number_inquiries.LinkInquiryList.as_view(), name="number-inquiry-list"),
    path("number/cases/<int:pk>/", number_inquiries.CaseLink.as_view(), name="number-case"),
    *[
        path(f"number/cases/<int:pk>/<int:inquiry>/{step}/", view.as_view(), name=f"number-{step}")
        for step, view in (
            ("call-off", number_inquiries.LinkCallOff),
            ("take-account", number_inquiries.LinkTakeAccount),
            ("take-pension", number_inquiries.LinkTakePension),
            ("decline", number_inquiries.LinkDecline),
        )
    ],
]

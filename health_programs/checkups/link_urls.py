"""Addresses of オンライン資格確認への連携, included by `urls` under its name space."""

from django.urls import path

from health_programs.checkups.views import link_answers, online_eligibility

urlpatterns = [
    path("link/", online_eligibility.LinkOverview.as_view(), name="link-overview"),
    path("link/collect/", online_eligibility.LinkCollect.as_view(), name="link-collect"),
    path("link/batches/<int:pk>/", online_eligibility.LinkBatchDetail.as_view(), name="link-batch"),
    path("link/batches/<int:pk>/ask/", online_eligibility.LinkAsk.as_view(), name="link-ask"),
    path("link/batches/<int:pk>/sent/", online_eligibility.LinkSent.as_view(), name="link-sent"),
    path("link/batches/<int:pk>/cancel/", online_eligibility.LinkCancel.as_view(), name="link-cancel"),
    path("link/errors/", link_answers.LinkErrorList.as_view(), name="link-error-list"),
    path("link/errors/<int:pk>/again/", link_answers.LinkSendAgain.as_view(), name="link-send-again"),
    path("link/answers/", link_answers.AnswerList.as_view(), name="link-answer-list"),
    path("link/answers/receive/", link_answers.AnswerReceive.as_view(), name="link-answer-receive"),
    path("link/answers/<int:pk>/", link_answers.AnswerDetail.as_view(), name="link-answer"),
]

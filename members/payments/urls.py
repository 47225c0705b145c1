"""Addresses of the screens of 口座・支払."""

from django.urls import path

from members.payments.views import accounts, runs

app_name = "payments"

urlpatterns = [
    path("home/", runs.PaymentHome.as_view(), name="payment-home"),
    path("runs/", runs.RunList.as_view(), name="run-list"),
    path("runs/<int:pk>/", runs.RunDetail.as_view(), name="run-detail"),
    path("runs/<int:pk>/check/", runs.RunCheck.as_view(), name="run-check"),
    path("runs/<int:pk>/approve/", runs.RunApprove.as_view(), name="run-approve"),
    path("runs/<int:pk>/write/", runs.RunWrite.as_view(), name="run-write"),
    path("runs/<int:pk>/cancel/", runs.RunCancel.as_view(), name="run-cancel"),
    path("runs/<int:pk>/result/", runs.RunResult.as_view(), name="run-result"),
    path("payments/<int:pk>/return/", runs.PaymentReturn.as_view(), name="payment-return"),
    path("payments/<int:pk>/again/", runs.PaymentAgain.as_view(), name="payment-again"),
    path("accounts/waiting/", accounts.AccountWaiting.as_view(), name="account-waiting"),
    path("accounts/member/<int:pk>/", accounts.MemberAccounts.as_view(), name="member-accounts"),
    path("accounts/<int:pk>/confirm/", accounts.AccountConfirm.as_view(), name="account-confirm"),
    path("accounts/<int:pk>/reject/", accounts.AccountReject.as_view(), name="account-reject"),
    path("accounts/member/<int:pk>/preview/", accounts.AccountPreview.as_view(), name="account-preview"),
    path("accounts/member/<int:pk>/in-use/", accounts.MemberAccount.as_view(), name="member-account"),
    path("accounts/<int:pk>/end/", accounts.AccountEnd.as_view(), name="account-end"),
    path("accounts/<int:pk>/end/confirm/", accounts.AccountEndConfirm.as_view(), name="account-end-confirm"),
    path("accounts/<int:pk>/end/withdraw/", accounts.AccountEndWithdraw.as_view(), name="account-end-withdraw"),
    path("accounts/<int:pk>/number/", accounts.AccountReveal.as_view(), name="account-reveal"),
]

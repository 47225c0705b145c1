"""Addresses of logging in and of one's own account."""

from django.urls import path

from kumiai.accounts.views import login, own, step_up

app_name = "accounts"

urlpatterns = [
    path("login/", login.LoginView.as_view(), name="login"),
    path("login/code/", login.LoginCodeView.as_view(), name="login-code"),
    path("login/recovery/", login.LoginRecoveryView.as_view(), name="login-recovery"),
    path("login/enroll/", login.SecondFactorEnroll.as_view(), name="second-factor-enroll"),
    path("login/restart/", login.LoginRestart.as_view(), name="login-restart"),
    path("logout/", login.LogoutView.as_view(), name="logout"),
    path("password/", own.PasswordChange.as_view(), name="password-change"),
    path("recovery-codes/", own.RecoveryCodeRenew.as_view(), name="recovery-code-renew"),
    path("sessions/", own.UserSessionList.as_view(), name="session-list"),
    path("sessions/end/", own.UserSessionEnd.as_view(), name="session-end"),
    path("sessions/end-others/", own.UserSessionEndOthers.as_view(), name="session-end-others"),
    path("step-up/", step_up.StepUpPage.as_view(), name="step-up"),
    path("session/extend/", own.SessionExtend.as_view(), name="session-extend"),
]

"""Addresses of the screens of 任意継続・年齢到達."""

from django.urls import path

from members.lifecycle.views import ages, applications, fragments, lists, terms

app_name = "lifecycle"

urlpatterns = [
    path("home/", fragments.LifecycleHome.as_view(), name="lifecycle-home"),
    path("member/<int:pk>/", fragments.MemberMarks.as_view(), name="member-marks"),
    path("ages/", ages.AgeEventList.as_view(), name="age-event-list"),
    path("ages/print/", ages.AgeEventPrint.as_view(), name="age-event-print"),
    path("ages/<int:pk>/", ages.AgeEventDetail.as_view(), name="age-event-detail"),
    path("ages/<int:pk>/process/", ages.AgeEventProcess.as_view(), name="age-event-process"),
    path("ages/<int:pk>/cancel/", ages.AgeEventCancel.as_view(), name="age-event-cancel"),
    path("ages/<int:pk>/restore/", ages.AgeEventRestore.as_view(), name="age-event-restore"),
    path("voluntary/", lists.VoluntaryTermList.as_view(), name="voluntary-list"),
    path("voluntary/find/", lists.VoluntaryTermFind.as_view(), name="voluntary-find"),
    path("voluntary/apply/<int:pk>/", applications.VoluntaryApply.as_view(), name="voluntary-apply"),
    path("voluntary/<int:pk>/", terms.VoluntaryTermDetail.as_view(), name="voluntary-detail"),
    path("voluntary/<int:pk>/withdraw/", terms.VoluntaryWithdraw.as_view(), name="voluntary-withdraw"),
    path("voluntary/<int:pk>/end/", terms.VoluntaryEndByFact.as_view(), name="voluntary-end"),
    path(
        "voluntary/unpaid/<int:instalment>/",
        terms.VoluntaryNonPayment.as_view(),
        name="voluntary-non-payment",
    ),
    path("voluntary/<int:pk>/pay/", terms.VoluntaryPay.as_view(), name="voluntary-pay"),
    path("voluntary/<int:pk>/unpay/", terms.VoluntaryUnpay.as_view(), name="voluntary-unpay"),
    path("voluntary/<int:pk>/excuse/", terms.VoluntaryExcuse.as_view(), name="voluntary-excuse"),
    path("voluntary/<int:pk>/undo-end/", terms.VoluntaryUndoEnd.as_view(), name="voluntary-undo-end"),
    path("voluntary/<int:pk>/undo/", terms.VoluntaryUndoApplication.as_view(), name="voluntary-undo"),
]

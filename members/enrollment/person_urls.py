"""Addresses of the hard cases."""

from django.urls import path

from members.enrollment.views.employer_moves import EmployerMove, EmployerMoveRest
from members.enrollment.views.person_decisions import (
    ConcurrentChange,
    MemberDayCorrect,
    MemberSamePerson,
    MemberStory,
    MemberTransfer,
)
from members.enrollment.views.person_simple import (
    AddressAbroad,
    ConcurrentAdd,
    ContactChange,
    MailingAddressChange,
    MemberOtherNames,
    MemberSexChange,
)
from members.enrollment.views.protections import MemberProtect, MemberProtectionClerks, MemberProtectionEnd

urlpatterns = [
    path("moves/", EmployerMove.as_view(), name="employer-move"),
    path("moves/<int:pk>/", EmployerMoveRest.as_view(), name="employer-move-rest"),
    path("<int:pk>/story/", MemberStory.as_view(), name="member-story"),
    path("<int:pk>/protection/", MemberProtect.as_view(), name="member-protect"),
    path("<int:pk>/protection/clerks/", MemberProtectionClerks.as_view(), name="member-protection-clerks"),
    path("<int:pk>/protection/end/", MemberProtectionEnd.as_view(), name="member-protection-end"),
    path("<int:pk>/transfer/", MemberTransfer.as_view(), name="member-transfer"),
    path("<int:pk>/days/correct/", MemberDayCorrect.as_view(), name="member-day-correct"),
    path("<int:pk>/same-person/", MemberSamePerson.as_view(), name="member-same-person"),
    path("<int:pk>/concurrent/add/", ConcurrentAdd.as_view(), name="concurrent-add"),
    path("<int:pk>/concurrent/change/", ConcurrentChange.as_view(), name="concurrent-change"),
    path("<int:pk>/sex/change/", MemberSexChange.as_view(), name="member-sex-change"),
    path("<int:pk>/other-names/", MemberOtherNames.as_view(), name="member-other-names"),
    path("<int:pk>/address/abroad/", AddressAbroad.as_view(), name="address-abroad"),
    path("<int:pk>/contact/change/", ContactChange.as_view(), name="contact-change"),
    path("<int:pk>/mailing/change/", MailingAddressChange.as_view(), name="mailing-change"),
]

"""Addresses of the screens of 加入者台帳. Numbers only: nothing personal stands in an address."""

from django.urls import path

from members.enrollment import person_urls
from members.enrollment.views.cancellations import ChangeCancel
from members.enrollment.views.changes import AddressChange, AddressCorrect, MemberNameChange, MemberNameCorrect
from members.enrollment.views.disclosure import MemberDisclosure
from members.enrollment.views.fragments import ChangeToday, MemberRecent
from members.enrollment.views.help import MemberHelp
from members.enrollment.views.lists import MemberList, MemberPrint, MemberSearch
from members.enrollment.views.members import (
    MemberAccessLog,
    MemberAddress,
    MemberDetail,
    MemberHistory,
    MemberHousehold,
)
from members.enrollment.views.postal_codes import PostalCodeTown
from members.enrollment.views.statistics import MemberStatistics

app_name = "enrollment"

urlpatterns = [
    path("", MemberList.as_view(), name="member-list"),
    path("search/", MemberSearch.as_view(), name="member-search"),
    path("print/", MemberPrint.as_view(), name="member-print"),
    path("statistics/", MemberStatistics.as_view(), name="member-statistics"),
    path("help/", MemberHelp.as_view(), name="member-help"),
    path("postal-code/", PostalCodeTown.as_view(), name="postal-code-town"),
    path("recent/", MemberRecent.as_view(), name="member-recent"),
    path("changes/today/", ChangeToday.as_view(), name="change-today"),
    path("changes/<int:pk>/cancel/", ChangeCancel.as_view(), name="change-cancel"),
    path("<int:pk>/", MemberDetail.as_view(), name="member-detail"),
    path("<int:pk>/address/", MemberAddress.as_view(), name="member-address"),
    path("<int:pk>/household/", MemberHousehold.as_view(), name="member-household"),
    path("<int:pk>/history/", MemberHistory.as_view(), name="member-history"),
    path("<int:pk>/access/", MemberAccessLog.as_view(), name="member-access-log"),
    path("<int:pk>/disclosure/", MemberDisclosure.as_view(), name="member-disclosure"),
    path("<int:pk>/name/change/", MemberNameChange.as_view(), name="member-name-change"),
    path("<int:pk>/name/correct/", MemberNameCorrect.as_view(), name="member-name-correct"),
    path("<int:pk>/address/change/", AddressChange.as_view(), name="address-change"),
    path("<int:pk>/address/correct/", AddressCorrect.as_view(), name="address-correct"),
    *person_urls.urlpatterns,
]

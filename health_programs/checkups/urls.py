"""Addresses of the checkup screens. Ids and years only: nothing personal stands in an address."""

from django.urls import include, path

from health_programs.checkups.views import archives, fragments, judgements, offers, people, targets

app_name = "checkups"

urlpatterns = [
    path("", targets.TargetList.as_view(), name="target-list"),
    path("home/", fragments.CheckupHome.as_view(), name="checkup-home"),
    path("home/referrals/", fragments.ReferralHome.as_view(), name="referral-home"),
    path("home/campaigns/", fragments.CampaignHome.as_view(), name="campaign-home"),
    path("find/", targets.PersonFind.as_view(), name="person-find"),
    path("years/<int:year>/count/", targets.YearCount.as_view(), name="year-count"),
    path("years/<int:year>/vouchers/<int:kind>/", targets.VoucherIssueAll.as_view(), name="voucher-issue-all"),
    path("bookings/", targets.BookingList.as_view(), name="booking-list"),
    path("people/<int:pk>/", people.PersonResults.as_view(), name="person"),
    path("people/<int:pk>/plan/", people.PersonPlan.as_view(), name="person-plan"),
    path("people/<int:pk>/book/", people.BookingAdd.as_view(), name="booking-add"),
    path("people/<int:pk>/bookings/<int:booking>/cancel/", people.BookingCancel.as_view(), name="booking-cancel"),
    path("people/<int:pk>/bookings/<int:booking>/attend/", people.BookingAttend.as_view(), name="booking-attend"),
    path("people/<int:pk>/voucher/<int:year>/<int:kind>/", people.VoucherIssue.as_view(), name="voucher-issue"),
    path("people/<int:pk>/vouchers/<int:voucher>/recall/", people.VoucherRecall.as_view(), name="voucher-recall"),
    path("people/<int:pk>/exclude/<int:year>/", people.ExclusionAdd.as_view(), name="exclusion-add"),
    path("people/<int:pk>/exclusions/<int:exclusion>/end/", people.ExclusionEnd.as_view(), name="exclusion-end"),
    path("people/<int:pk>/results/<int:result>/withdraw/", people.ResultWithdraw.as_view(), name="result-withdraw"),
    path("people/<int:pk>/results/<int:result>/unmatch/", people.ResultUnmatch.as_view(), name="result-unmatch"),
    path("people/<int:pk>/level/", judgements.PersonLevel.as_view(), name="person-level"),
    path("people/<int:pk>/referral/", judgements.PersonReferral.as_view(), name="person-referral"),
    path("people/<int:pk>/referral/<int:referral>/", judgements.FollowUpAdd.as_view(), name="follow-up-add"),
    path("archives/", archives.ArchiveList.as_view(), name="archive-list"),
    path("archives/receive/", archives.ArchiveReceive.as_view(), name="archive-receive"),
    path("archives/<int:pk>/", archives.ArchiveDetail.as_view(), name="archive-detail"),
    path("unmatched/", archives.UnmatchedList.as_view(), name="unmatched-list"),
    path("unmatched/<int:pk>/match/", archives.ResultMatch.as_view(), name="result-match"),
    path("doubles/<int:pk>/use/", archives.DoubleUse.as_view(), name="double-use"),
    path("invoices/", archives.InvoiceList.as_view(), name="invoice-list"),
    path("invoices/<int:pk>/settle/", archives.InvoiceSettle.as_view(), name="invoice-settle"),
    path("institutions/", offers.InstitutionList.as_view(), name="institution-list"),
    path("institutions/new/", offers.InstitutionEdit.as_view(), name="institution-new"),
    path("institutions/<int:pk>/", offers.InstitutionEdit.as_view(), name="institution-edit"),
    path("institutions/<int:pk>/prices/", offers.PriceAdd.as_view(), name="price-add"),
    path("kinds/new/", offers.KindEdit.as_view(), name="kind-new"),
    path("kinds/<int:pk>/", offers.KindEdit.as_view(), name="kind-edit"),
    path("levels/", judgements.LevelList.as_view(), name="stratification-list"),
    path("levels/<int:year>/run/", judgements.LevelRun.as_view(), name="stratification-run"),
    path("referrals/", judgements.ReferralList.as_view(), name="referral-list"),
    path("referrals/<int:year>/find/", judgements.ReferralFind.as_view(), name="referral-find"),
    path("", include("health_programs.checkups.analysis_urls")),
    path("", include("health_programs.checkups.cohort_urls")),
    path("", include("health_programs.checkups.campaign_urls")),
]

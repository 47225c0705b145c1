"""要医療者への受診勧奨 by mail and letter: the screens of `campaigns` and `mails` under the published use of this aim."""

from __future__ import annotations

from health_programs.checkups.activities import TREATMENT_RECOMMENDATION
from health_programs.checkups.views import campaigns, mails
from health_programs.checkups.views.desks import RECOMMENDATIONS


class RecommendationList(campaigns.CampaignList):
    """要医療者への受診勧奨の一覧, the newest first."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationEdit(campaigns.CampaignEdit):
    """要医療者への受診勧奨を作る, and a draft put right."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationDetail(campaigns.CampaignDetail):
    """One campaign to people who have to see a doctor."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationSubmit(campaigns.CampaignSubmit):
    """承認を依頼する."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationTakeBack(campaigns.CampaignTakeBack):
    """下書きに戻す."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationCancel(campaigns.CampaignCancel):
    """取りやめる."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationApprove(campaigns.CampaignApprove):
    """承認する: the second person."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationReturn(campaigns.CampaignReturn):
    """差し戻す."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationStop(campaigns.CampaignStop):
    """送信を止める."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationResume(campaigns.CampaignResume):
    """送信を再開する."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationSettle(campaigns.CampaignSettle):
    """要確認のメールを確かめる."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationMailList(mails.MailList):
    """送信の束."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationBounces(mails.MailBounces):
    """不達・遅延."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationSuppressions(mails.MailSuppressions):
    """配信停止."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationSuppressionLift(mails.SuppressionLift):
    """配信停止の解除."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS


class RecommendationMailLog(mails.MailLog):
    """メールサーバーの記録を取り込む."""

    activity = TREATMENT_RECOMMENDATION
    desk = RECOMMENDATIONS

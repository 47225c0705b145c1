"""How to use these screens, in plain sentences."""

from django.views.generic import TemplateView

from privacy.activities import NO_PERSONAL_DATA


class MemberHelp(TemplateView):
    """使い方."""

    activity = NO_PERSONAL_DATA
    template_name = "members/enrollment/member_help.html"

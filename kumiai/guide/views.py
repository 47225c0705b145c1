"""The guide: its contents, and one page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.views.generic import TemplateView

from kumiai.guide import pages
from kumiai.ui.declarations import NO_PERSONAL_DATA


class GuideContents(LoginRequiredMixin, TemplateView):
    """使い方の目次."""

    activity = NO_PERSONAL_DATA
    template_name = "kumiai/guide/guide_contents.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pages=[pages.page(slug) for slug in pages.slugs()], **kwargs)


class GuidePage(LoginRequiredMixin, TemplateView):
    """One page, with the page before and the page after it."""

    activity = NO_PERSONAL_DATA
    template_name = "kumiai/guide/guide_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = pages.slugs()
        slug = self.kwargs["slug"]
        if slug not in known:
            raise Http404
        at = known.index(slug)
        return super().get_context_data(
            page=pages.page(slug),
            all_pages=[pages.page(other) for other in known],
            before=pages.page(known[at - 1]) if at else None,
            after=pages.page(known[at + 1]) if at + 1 < len(known) else None,
            **kwargs,
        )

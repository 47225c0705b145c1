"""The way from a screen to its page of the guide."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from kumiai.guide import pages, screens

register = template.Library()


@register.simple_tag(takes_context=True)
def guide_address(context: dict[str, Any]) -> str:
    """The page about the screen being shown; the contents where no page tells of it. Empty before log-in."""
    request = context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return ""
    match = request.resolver_match
    slug = screens.page_of(match.view_name) if match else ""
    return reverse("guide:guide-page", args=[slug]) if slug in pages.slugs() else reverse("guide:guide-contents")

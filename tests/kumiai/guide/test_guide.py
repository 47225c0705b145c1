"""The guide is whole: each page opens, what it names is there, and each screen leads to it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template import Context, Template
from django.urls import NoReverseMatch, URLResolver, get_resolver, resolve, reverse

from kumiai.accounts.models import User
from kumiai.guide import pages, screens

# What the portal's URL configuration holds that nobody looks at as a page in the frame of the portal.
WITHOUT_SCREENS: set[str] = set()
MOST_BYTES = 90_000
MOST_WIDTH = 900


class Names(HTMLParser):
    """The ids of a page, and what it refers to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if tag == "img":
            self.pictures.append((found["src"], found.get("alt", "")))


def namespaces(resolver: URLResolver | None = None) -> set[str]:
    """Every namespace with an address of its own, and "" for the addresses in none."""
    resolver = resolver or get_resolver()
    found = {""}
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver) and entry.namespace and entry.url_patterns:
            found.add(entry.namespace)
    return found


@pytest.fixture
def clerk(client_of):
    return client_of("佐藤")


@pytest.mark.parametrize("slug", pages.slugs())
def test_every_page_opens_with_its_contents_and_its_pictures(clerk, slug):
    answer = clerk.get(reverse("guide:guide-page", args=[slug]))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert pages.page(slug).title in html
    assert len(pages.page(slug).headings) >= 3
    names = Names(html)
    assert set(pages.page(slug).headings) <= names.ids
    assert names.pictures
    for source, told in names.pictures:
        # Outside DEBUG the address carries a digest of the picture: guide/login.0123456789ab.png.
        file = finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.)", "", source.removeprefix("/static/")))
        assert file, f"{source} is missing"
        assert len(told) >= 8, f"{source} has no words for those who do not see it"
        picture = Path(file).read_bytes()
        assert len(picture) <= MOST_BYTES, source
        assert int.from_bytes(picture[16:20], "big") <= MOST_WIDTH, source


@pytest.mark.parametrize("slug", pages.slugs())
def test_links_of_a_page_lead_somewhere(clerk, slug):
    for link in Names(str(pages.page(slug).body)).links:
        address = urlsplit(link)
        match = resolve(address.path)
        assert match.view_name == "guide:guide-page"
        target = match.kwargs["slug"]
        assert target in pages.slugs(), link
        if address.fragment:
            assert unquote(address.fragment) in Names(str(pages.page(target).body)).ids, link


def test_the_contents_lead_to_every_page(clerk):
    html = clerk.get(reverse("guide:guide-contents")).content.decode()
    links = {unquote(urlsplit(link).path) for link in Names(html).links}
    assert {reverse("guide:guide-page", args=[slug]) for slug in pages.slugs()} <= links


def test_every_namespace_leads_to_a_page():
    told = set(screens.PAGE_OF_NAMESPACE) | WITHOUT_SCREENS | {"guide"}
    assert namespaces() - told == set()
    # Protected people have no screen of their own: their page is reached from the other pages.
    reached = set(screens.PAGE_OF_NAMESPACE.values()) | set(screens.PAGE_OF_SCREEN.values()) | {screens.PROTECTED}
    assert reached == set(pages.slugs())


def test_screens_told_elsewhere_exist():
    for name in screens.PAGE_OF_SCREEN:
        assert (
            any(_leads(name, arguments) for arguments in ([], [1], [1, 1])) or name == "enrollment:employer-move-rest"
        )


def _leads(name: str, arguments: list[int]) -> bool:
    try:
        return bool(reverse(name, args=arguments))
    except NoReverseMatch:
        return False


def test_the_band_of_a_screen_links_to_its_page(clerk):
    for address, slug in (
        (reverse("home"), screens.LOGIN),
        (reverse("jobs:job-list"), screens.LOGIN),
        (reverse("enrollment:member-help"), screens.FIND),
        (reverse("filings:filing-help"), screens.FILINGS),
        (reverse("outputs:output-help"), screens.DOOR),
    ):
        html = clerk.get(address).content.decode()
        assert f'<a href="{reverse("guide:guide-page", args=[slug])}">使い方</a>' in html, address


def test_a_screen_that_no_page_tells_of_leads_to_the_contents(clerk):
    request = HttpRequest()
    request.user = User(staff_number="1")
    request.resolver_match = resolve(reverse("guide:guide-contents"))
    drawn = Template("{% load guide %}{% guide_address %}").render(Context({"request": request}))
    assert drawn == reverse("guide:guide-contents")


def test_the_guide_asks_for_a_login_and_knows_its_pages(client, clerk):
    assert clerk.get(reverse("guide:guide-page", args=["99-nothing"])).status_code == 404
    assert client.get(reverse("guide:guide-contents")).status_code == 302
    assert client.get(reverse("guide:guide-page", args=[screens.LOGIN])).status_code == 302


def test_markup_in_a_page_is_shown_as_text(tmp_path, monkeypatch):
    (tmp_path / "01-x.md").write_text("# t\n\nl\n\n## h\n\n<script>alert(1)</script> [a](javascript:alert(1))\n")
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    body = str(pages.page.__wrapped__("01-x").body)
    assert "<script" not in body
    assert "&lt;script&gt;" in body
    assert 'href="javascript' not in body


@pytest.mark.parametrize("slug", pages.slugs())
def test_nothing_personal_stands_in_the_text(slug):
    """Numbers of the examples are the two that the search page shows; no day of birth but that of its example."""
    text = (pages.FOLDER / f"{slug}.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\b\d{2}-\d{4}(?:-\d{2})?\b", text)) <= {"12-3456"}
    assert set(re.findall(r"昭和\d+[年/]\d+[月/]\d+", text)) <= {"昭和54年9月27", "昭和54/9/27"}
    assert not re.search(r"\d{2,4}-\d{2,4}-\d{4}", text)  # telephone numbers
    assert "/work" not in text

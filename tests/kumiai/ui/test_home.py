"""The first page as a member of staff sees it, in the frame every page has."""

from django.conf import settings
from django.test import Client
from django.urls import reverse

from kumiai.ui.middleware import ErrorReferenceMiddleware


def test_home_shows_the_frame_and_loads_every_fragment(signed_in) -> None:
    page = signed_in.get(reverse("home"))
    text = page.content.decode()
    assert page.status_code == 200
    for part in ("今日の仕事", "試験 一郎", "ログアウト", "利用目的", settings.ASSOCIATION["name"]):
        assert part in text
    assert f'hx-get="{reverse("jobs:job-home-fragment")}"' in text


def test_home_offers_only_what_the_person_may_load_and_refuses_nobody(client_of, events) -> None:
    clerk = client_of("佐藤").get(reverse("home")).content.decode()
    stranger = client_of("伊藤").get(reverse("home")).content.decode()
    fragment = reverse("enrollment:member-recent")
    assert f'hx-get="{fragment}"' in clerk and "加入者を開く" in clerk
    assert fragment not in stranger and "加入者を開く" not in stranger
    assert events(outcome="refused") == []


def test_log_out_is_a_button_that_posts(signed_in) -> None:
    text = signed_in.get(reverse("home")).content.decode()
    assert f'<form method="post" action="{reverse("accounts:logout")}"' in text
    assert f'href="{reverse("accounts:logout")}"' not in text


def test_security_policy_allows_nothing_inline(signed_in) -> None:
    policy = signed_in.get(reverse("home"))["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy


def test_what_cannot_be_read_is_told_apart_from_what_was_understood(signed_in) -> None:
    assert signed_in.post(reverse("understood"), {"kind": "date", "text": "S54.9.27"}).status_code == 200
    assert signed_in.post(reverse("understood"), {"kind": "date", "text": "540927"}).status_code == 422


def test_a_post_without_its_token_is_refused_in_words(db) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("accounts:login"), {"staff_number": "9101"})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "この操作は受け付けられません" in text
    assert "受付番号 A-" in text


def test_every_request_has_its_own_reference(rf) -> None:
    seen = []
    middleware = ErrorReferenceMiddleware(lambda request: seen.append(request.reference))
    for _ in range(50):
        middleware(rf.get("/"))
    assert len(set(seen)) == 50


def test_the_page_is_no_field_that_tells_what_it_understood(signed_in) -> None:
    """The address to ask stands on the body under the same name, so the script must pick fields only."""
    assert '<body data-csrf="' in signed_in.get(reverse("home")).content.decode()
    script = (settings.BASE_DIR / "kumiai/ui/static/ui/portal.js").read_text(encoding="utf-8")
    assert 'all("input[data-understood]")' in script
    assert 'all("[data-understood]")' not in script

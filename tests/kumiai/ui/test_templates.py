"""The content policy allows no inline style and no inline script, so no template may hold one."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = settings.BASE_DIR / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
UNSAFE = {
    "style attribute": re.compile(r"<[^>{]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "script address": re.compile(r"javascript:", re.I),
    "evaluated by htmx": re.compile(r"hx-on|hx-vals=[\"']js:", re.I),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_safe_and_can_be_read(path):
    text = path.read_text(encoding="utf-8")
    assert [name for name, pattern in UNSAFE.items() if pattern.search(text)] == []
    get_template(str(path.relative_to(ROOT)))


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        '<a onclick="go()">',
        "<script>go()</script>",
        '<a href="javascript:x">',
    ],
)
def test_the_patterns_find_what_they_are_for(text):
    assert any(pattern.search(text) for pattern in UNSAFE.values())


def test_colours_come_from_tokens():
    css = (settings.BASE_DIR / "kumiai/ui/static/ui/portal.css").read_text(encoding="utf-8")
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    vendored = (settings.BASE_DIR / "kumiai/ui/static/ui/vendor/design-tokens.css").read_text(encoding="utf-8")
    known = set(re.findall(r"(--[\w-]+)\s*:", css + vendored))
    assert used <= known
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css)) <= {"#fff", "#000"}


def test_each_status_keeps_its_own_tint():
    css = (settings.BASE_DIR / "kumiai/ui/static/ui/portal.css").read_text(encoding="utf-8")
    rules = re.findall(r"^([^{}@]*\.status-tinted[^{}]*)\{[^}]*background:", css, re.M)
    plain = [place for place, rule in enumerate(rules) if rule.strip() == ".status-tinted"]
    assert len(plain) <= 1, "a second rule for all would win over the tints"
    for kind in ("good", "care", "bad", "run", "special", "between"):
        assert any(f".status-{kind}" in rule for rule in rules)

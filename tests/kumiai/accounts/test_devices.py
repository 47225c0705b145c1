"""Browsers in words."""

import pytest

from kumiai.accounts.devices import device_summary

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (EDGE, "WindowsのEdge"),
        (CHROME, "LinuxのChrome"),
        (SAFARI, "iPhoneのSafari"),
        (ANDROID, "AndroidのChrome"),
        ("", "不明な端末"),
        ("curl/8.0", "不明な端末"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
    ],
)
def test_a_browser_is_named_in_words(user_agent: str, words: str) -> None:
    assert device_summary(user_agent) == words

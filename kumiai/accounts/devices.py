"""What a browser calls itself, in words a person recognises."""

# Order matters: Edge and Opera also say Chrome, Chrome also says Safari, Android also says Linux.
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def _first(user_agent: str, table: tuple[tuple[str, str], ...]) -> str | None:
    return next((word for mark, word in table if mark in user_agent), None)


def device_summary(user_agent: str) -> str:
    """WindowsのEdge; 不明な端末 when the browser tells nothing. The raw text is not kept."""
    system, browser = _first(user_agent, _SYSTEMS), _first(user_agent, _BROWSERS)
    if system and browser:
        return f"{system}の{browser}"
    return system or browser or "不明な端末"

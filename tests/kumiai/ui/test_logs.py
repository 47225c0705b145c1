"""The log names the request and the place of an error, never what the error quoted."""

import logging
import sys

from django.http import HttpResponse
from django.test import RequestFactory

from kumiai.ui import logs
from kumiai.ui.middleware import ErrorReferenceMiddleware

FORMATTER = logs.LineFormatter("%(reference)s %(message)s")


def line() -> str:
    return FORMATTER.format(logging.LogRecord("x", logging.ERROR, "f", 1, "text", None, sys.exc_info()))


def test_values_quoted_by_an_error_or_its_cause_are_left_out():
    try:
        try:
            raise ValueError("Key (name)=(架空 花子) already exists")
        except ValueError as first:
            raise RuntimeError("架空 花子") from first
    except RuntimeError:
        written = line()
    assert "架空" not in written
    assert "builtins.RuntimeError" in written
    assert "builtins.ValueError" in written
    assert "test_logs.py" in written


def test_the_text_another_handler_kept_is_left_out():
    try:
        raise ValueError("架空 花子")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "text", None, sys.exc_info())
    assert "架空" in logging.Formatter().format(record)
    assert "架空" not in FORMATTER.format(record)


def test_a_line_carries_the_reference_of_its_request():
    seen = {}

    def answer(request):
        seen["line"] = line()
        seen["reference"] = request.reference
        return HttpResponse()

    ErrorReferenceMiddleware(answer)(RequestFactory().get("/"))
    assert seen["reference"].startswith("A-")
    assert seen["line"].startswith(seen["reference"])
    assert line().startswith("- ")


def test_an_address_somebody_typed_is_left_out(client, caplog):
    """Django's own lines quote the path; a log names the route, or says that there is none."""
    assert client.get("/架空花子/").status_code == 404
    assert client.delete("/healthz?name=架空花子").status_code == 405
    written = [FORMATTER.format(record) for record in caplog.records if record.name == "django.request"]
    assert len(written) == 2
    assert "(no such address)" in written[0] and "/healthz" in written[1]
    assert not [line for line in written if "架空" in line]

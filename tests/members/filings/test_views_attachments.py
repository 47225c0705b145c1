"""Scanned documents: known by their bytes, served under the purpose with headers that let them do nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.filings.models import Attachment, AttachmentContent
from tests.members.enrollment.people import make_member, protect
from tests.members.filings.conftest import acquisition, address_change, body, url
from tests.members.filings.test_rules_scans import JPEG, PDF, PNG


@pytest.fixture
def filing(sato, employer, today, enter, only):
    enter(sato, "acquisition", acquisition(employer, today))
    return only()


def attach(client, filing, content: bytes = PDF, name: str = "届.pdf"):
    return client.post(url("attachment-add", filing.pk), {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(("content", "kind"), [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")])
def test_a_document_is_served_as_what_it_is_and_may_do_nothing(sato, filing, owner, content, kind):
    assert attach(sato, filing, content).status_code == 302
    with owner():
        attachment = Attachment.objects.get()
    response = sato.get(url("attachment-content", attachment.pk))
    assert response.content == content and response["Content-Type"] == kind
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert ("sandbox" in response["Content-Security-Policy"]) is (kind != "application/pdf")
    assert response["Cache-Control"] == "private, no-store"
    assert "届" not in response["Content-Disposition"] and filing.receipt_number in response["Content-Disposition"]


def test_a_look_at_a_document_is_on_record(sato, filing, owner, events, personas):
    attach(sato, filing)
    with owner():
        attachment = Attachment.objects.get()
    sato.get(url("attachment-content", attachment.pk))
    last = events()[-1]
    assert last.view == "filings:attachment-content" and last.actor_id == personas["1001"].pk


def test_what_is_no_document_is_refused_and_nothing_is_kept(sato, filing, owner):
    response = attach(sato, filing, b"<html><script>alert(1)</script>", "a.pdf")
    assert response.status_code == 422 and "PDF・JPEG・PNGのどれでもありません" in body(response)
    assert attach(sato, filing, b"").status_code == 422
    assert sato.post(url("attachment-add", filing.pk), {}).status_code == 422
    with owner():
        assert not Attachment.objects.exists() and not AttachmentContent.objects.exists()


def test_the_same_document_twice_is_kept_once(sato, filing, owner):
    for _click in range(2):
        attach(sato, filing)
    with owner():
        assert Attachment.objects.count() == 1


def test_withdrawn_it_is_no_longer_served_and_stays_on_record(sato, filing, owner):
    attach(sato, filing)
    with owner():
        attachment = Attachment.objects.get()
    assert sato.post(url("attachment-withdraw", attachment.pk)).status_code == 302
    assert sato.get(url("attachment-content", attachment.pk)).status_code == 404
    with owner():
        assert AttachmentContent.objects.count() == 1


def test_the_wrong_person_gets_no_document(sato, suzuki, ito, filing, owner):
    attach(sato, filing)
    with owner():
        attachment = Attachment.objects.get()
    assert ito.get(url("attachment-content", attachment.pk)).status_code == 403
    for client in (suzuki, ito):
        assert attach(client, filing, PNG).status_code == 403
        assert client.post(url("attachment-withdraw", attachment.pk)).status_code == 403


def test_a_protected_persons_document_is_for_named_clerks(
    sato, kobayashi, personas, owner, employer, today, enter, only
):
    with owner():
        guarded = make_member(employer=employer, protected=True)
        protect(guarded, clerk_id=personas["1006"].pk)
    enter(kobayashi, "address_change", address_change(employer, guarded, today))
    attach(kobayashi, only())
    with owner():
        attachment = Attachment.objects.get()
    refused = sato.get(url("attachment-content", attachment.pk))
    assert refused.status_code == 403 and PDF not in refused.content
    assert kobayashi.get(url("attachment-content", attachment.pk)).status_code == 200

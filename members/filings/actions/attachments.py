"""Scanned documents: attached once each, withdrawn, never deleted."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from members.filings import policies
from members.filings.actions.common import lock
from members.filings.actions.errors import UnableToFile
from members.filings.models import Attachment, AttachmentContent
from members.filings.rules.scans import Scan

MOST = 20
"""Documents a filing."""


@transaction.atomic
def attach(*, by: Any, filing_id: int, name: str, scan: Scan, content: bytes) -> Attachment:
    """Keep a scanned document with a filing. The same bytes again change nothing."""
    filing = lock(filing_id, None, by=by)
    policies.check_can_attach(filing)
    present = Attachment.objects.filter(filing=filing, withdrawn_at__isnull=True)
    same = present.filter(digest=scan.digest).first()
    if same is not None:
        return same
    if present.count() >= MOST:
        raise UnableToFile(f"添付できるのは{MOST}件までです。要らないものを外してください。")
    member_id = filing.dependant_id or filing.member_id
    made = Attachment.objects.create(
        filing=filing,
        member_id=member_id,
        name=name,
        content_type=scan.content_type,
        size=scan.size,
        digest=scan.digest,
        added_by_id=by.pk,
    )
    AttachmentContent.objects.create(attachment=made, member_id=member_id, content=content)
    return made


@transaction.atomic
def withdraw_attachment(*, by: Any, attachment_id: int) -> Attachment:
    """外す: the document no longer belongs to the filing; it stays on record."""
    attachment = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment_id)
    filing = lock(attachment.filing_id, None, by=by)
    policies.check_can_detach(filing)
    if attachment.withdrawn_at is None:
        attachment.withdrawn_at, attachment.withdrawn_by_id = timezone.now(), by.pk
        attachment.save(update_fields=["withdrawn_at", "withdrawn_by_id"])
    return attachment

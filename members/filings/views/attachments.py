"""Scanned documents: attached, looked at under the purpose and the log, withdrawn."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views import View

from members.filings import actions, policies, queries
from members.filings.activities import FILING_ADMINISTRATION
from members.filings.forms import AttachmentForm
from members.filings.models import Attachment
from members.filings.rules.scans import LARGEST, NotAScan, safe_name, sniff
from members.filings.views.filings import detail_page
from members.filings.views.frame import filing_or_404, line_of, protected_page

_SUFFIX = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What a scanned document may load or do: nothing. Pictures are sandboxed as well; a sandbox would keep the browser from
showing a PDF."""


class AttachmentAdd(View):
    """添付. The type is read from the bytes; the name the browser sends is only a label."""

    activity = FILING_ADMINISTRATION

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line, status=403)
        form = AttachmentForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                if file.size > LARGEST:
                    raise NotAScan("ファイルが大きすぎます。10MBまでに分けるか、解像度を下げて読み取ってください。")
                content = file.read()
                scan = sniff(content)
                actions.attach(
                    by=request.user,
                    filing_id=pk,
                    name=safe_name(file.name or "", scan.suffix),
                    scan=scan,
                    content=content,
                )
                return HttpResponseRedirect(reverse("filings:filing-detail", args=[pk]) + "#attachments")
            except (NotAScan, actions.UnableToFile) as unable:
                form.add_error("file", str(unable))
            except policies.UnableToMove as unable:
                return detail_page(request, filing, line, problem=str(unable), status=422)
        return detail_page(request, filing, line, attachment_form=form, status=422)


class AttachmentContentView(View):
    """The document itself, for who may see the person; each look is recorded."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        attachment = _attachment_or_404(pk)
        line = line_of(request, attachment.filing)
        if line.hidden:
            return protected_page(request, line, status=403)
        response = HttpResponse(queries.bytes_of(attachment), content_type=attachment.content_type)
        # The name of the file in the address bar and on disk is the receipt number: it names nobody.
        name = f"{attachment.filing.receipt_number or 'draft'}-{attachment.pk}{_SUFFIX[attachment.content_type]}"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        response["Content-Security-Policy"] = _POLICY + (
            "" if attachment.content_type == "application/pdf" else "; sandbox"
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Cache-Control"] = "private, no-store"
        return response


class AttachmentWithdraw(View):
    """外す."""

    activity = FILING_ADMINISTRATION

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        attachment = _attachment_or_404(pk)
        line = line_of(request, attachment.filing)
        if line.hidden:
            return protected_page(request, line, status=403)
        try:
            actions.withdraw_attachment(by=request.user, attachment_id=pk)
        except policies.UnableToMove as unable:
            return detail_page(request, attachment.filing, line, problem=str(unable), status=422)
        return HttpResponseRedirect(reverse("filings:filing-detail", args=[attachment.filing_id]) + "#attachments")


def _attachment_or_404(pk: int) -> Attachment:
    attachment = queries.attachment_of(pk)
    if attachment is None:
        raise Http404("この番号の添付書類はありません。")
    return attachment

"""May this filing be moved now, and by this person? Each refusal is a sentence for the clerk.

下書き → 受付済み → (承認待ち →) 処理済み → 訂正済み・取り消し済み
受付済み・承認待ち → 返戻 → (再提出) 下書き;  下書き・受付済み → 取り下げ;  承認待ち → (差し戻し) 受付済み
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from members.filings.enums import FilingRole, FilingState
from members.filings.models import Filing, FilingRule, FilingStep
from members.filings.rules.codes import Level
from members.filings.rules.findings import Finding

MOVES: dict[FilingState, frozenset[FilingState]] = {
    FilingState.DRAFT: frozenset({FilingState.RECEIVED, FilingState.WITHDRAWN}),
    FilingState.RECEIVED: frozenset(
        {FilingState.RECEIVED, FilingState.WAITING, FilingState.PROCESSED, FilingState.RETURNED, FilingState.WITHDRAWN}
    ),
    FilingState.WAITING: frozenset({FilingState.PROCESSED, FilingState.RECEIVED, FilingState.RETURNED}),
    FilingState.PROCESSED: frozenset({FilingState.CORRECTED, FilingState.CANCELLED}),
    FilingState.CORRECTED: frozenset({FilingState.CORRECTED, FilingState.CANCELLED}),
    FilingState.RETURNED: frozenset({FilingState.DRAFT}),
    FilingState.WITHDRAWN: frozenset(),
    FilingState.CANCELLED: frozenset(),
}


class UnableToMove(Exception):
    """The filing cannot be moved; the text is a sentence for the clerk."""


def check_move(filing: Filing, after: FilingState) -> None:
    """Raises UnableToMove unless the table above lets the filing go there."""
    if after not in MOVES[FilingState(filing.state)]:
        raise UnableToMove(
            f"この届は「{FilingState(filing.state).label}」です。「{after.label}」にはできません。画面を開き直して、いまの状態を確かめてください。"
        )


def check_can_edit(filing: Filing) -> None:
    """Only a draft or a received filing is edited."""
    if filing.state == FilingState.WAITING:
        raise UnableToMove("承認待ちの届は直せません。承認する人に差し戻しを頼んでください。")
    if filing.state not in (FilingState.DRAFT, FilingState.RECEIVED):
        raise UnableToMove(f"「{FilingState(filing.state).label}」の届は直せません。{_way_on(filing)}")


def check_can_attach(filing: Filing) -> None:
    """What somebody is deciding on stays as it was when they were asked."""
    if filing.state == FilingState.WAITING:
        raise UnableToMove("承認待ちの届の添付書類は変えられません。承認する人に差し戻しを頼んでください。")
    if filing.state in (FilingState.WITHDRAWN, FilingState.CANCELLED):
        raise UnableToMove(f"「{FilingState(filing.state).label}」の届には添付できません。")


def check_can_detach(filing: Filing) -> None:
    """What a processed filing was decided on stays with it."""
    check_can_attach(filing)
    if filing.state in (FilingState.PROCESSED, FilingState.CORRECTED):
        raise UnableToMove("処理した届の添付書類は外せません。")


def _way_on(filing: Filing) -> str:
    if filing.state in (FilingState.PROCESSED, FilingState.CORRECTED):
        return "「訂正」か「取り消し」から入力してください。"
    if filing.state == FilingState.RETURNED:
        return "「再提出を受け付ける」から入力してください。"
    return "新しい届として入力してください。"


def check_no_errors(findings: list[Finding]) -> None:
    """Raises UnableToMove while the checks find an error."""
    errors = [finding for finding in findings if finding.level == Level.ERROR]
    if errors:
        raise UnableToMove(
            f"確認で誤りが{len(errors)}件見つかっています。直してから処理してください：{errors[0].sentence}"
        )


def needs_second_person(filing: Filing) -> bool:
    """Whether the association has set that another person approves this filing."""
    rule = FilingRule.objects.filter(kind=filing.kind).first()
    if rule is None:
        return False
    return bool(rule.second_person if filing.role == FilingRole.NEW else rule.second_person_corrections)


def check_can_process(filing: Filing, findings: list[Finding]) -> None:
    """A received filing without errors, of a kind that needs no second person."""
    check_move(filing, FilingState.PROCESSED)
    if filing.state == FilingState.WAITING:
        raise UnableToMove("この届は承認を待っています。「承認して処理」から進めてください。")
    check_no_errors(findings)
    if needs_second_person(filing):
        raise UnableToMove("この届は、ほかの職員の承認が要ります。「承認を求める」を選んでください。")


def check_can_request_approval(filing: Filing, findings: list[Finding]) -> None:
    """A received filing without errors."""
    check_move(filing, FilingState.WAITING)
    check_no_errors(findings)


def check_can_approve(filing: Filing, findings: list[Finding], user_id: int) -> None:
    """Somebody who neither entered the filing nor asked for the approval."""
    if filing.state != FilingState.WAITING:
        raise UnableToMove(f"この届は「{FilingState(filing.state).label}」です。承認を待っていません。")
    if user_id in (filing.entered_by_id, filing.requested_by_id):
        raise PermissionDenied("入力した本人と承認を求めた本人は承認できません。ほかの職員に頼んでください。")
    check_no_errors(findings)


def check_did_not_write(filing: Filing, user_id: int) -> None:
    """Who typed a part of the filing, whether they began it or edited it later, does not approve it."""
    typed = (FilingState.DRAFT, FilingState.RECEIVED)
    edited = FilingStep.objects.filter(filing=filing, by_id=user_id, before__in=typed, after=FilingState.RECEIVED)
    drafted = Filing.history.filter(id=filing.pk, history_user_id=user_id, state=FilingState.DRAFT)
    if edited.exists() or drafted.exists():
        raise PermissionDenied("内容を直した本人は承認できません。ほかの職員に頼んでください。")


def check_can_correct(filing: Filing) -> None:
    """A processed filing."""
    if filing.role != FilingRole.NEW:
        raise UnableToMove("訂正届・取消届そのものは訂正できません。元の届から入力してください。")
    if filing.state not in (FilingState.PROCESSED, FilingState.CORRECTED):
        raise UnableToMove(
            f"「{FilingState(filing.state).label}」の届は訂正できません。訂正できるのは処理済みの届です。"
        )


def check_can_cancel(filing: Filing) -> None:
    """A processed filing."""
    if filing.role != FilingRole.NEW:
        raise UnableToMove("訂正届・取消届そのものは取り消せません。")
    if filing.state not in (FilingState.PROCESSED, FilingState.CORRECTED):
        raise UnableToMove(
            f"「{FilingState(filing.state).label}」の届は取り消せません。取り消せるのは処理済みの届です。"
        )


def allows(check, *arguments) -> bool:
    """Whether a check passes, for the buttons of a screen."""
    try:
        check(*arguments)
    except (UnableToMove, PermissionDenied):
        return False
    return True

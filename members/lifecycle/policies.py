"""May this application, term or event be moved now? Each check raises with a sentence for the clerk."""

from __future__ import annotations

from datetime import date

from members.lifecycle.enums import AgeKind, AgeState, EndKind, TermState
from members.lifecycle.models import AgeEvent, VoluntaryInstalment, VoluntaryTerm


class UnableToRecord(Exception):
    """It cannot be recorded; the text is a sentence for the clerk."""


class StaleTerm(UnableToRecord):
    """Somebody saved meanwhile."""


def check_version(term: VoluntaryTerm, version: int) -> None:
    if term.version != version:
        raise StaleTerm(
            "あなたが開いたあとに、ほかの職員が保存しました。いまの内容を確かめて、もう一度行ってください。"
        )


def check_can_end(term: VoluntaryTerm) -> None:
    if term.state != TermState.RUNNING:
        raise UnableToRecord(
            f"この任意継続は「{term.get_state_display()}」です。継続中のときだけ終わりを登録できます。"
        )


def check_can_undo_end(term: VoluntaryTerm) -> None:
    if term.state not in (TermState.ENDING, TermState.ENDED) or not term.end_kind:
        raise UnableToRecord("取り消す喪失がありません。")


def check_can_correct(term: VoluntaryTerm) -> None:
    if term.state in (TermState.ENDING, TermState.ENDED):
        raise UnableToRecord("この任意継続には喪失が登録されています。先に喪失を取り消してください。")
    if term.state != TermState.RUNNING:
        raise UnableToRecord(f"この申出は「{term.get_state_display()}」です。訂正できるのは、継続中の任意継続です。")


def check_can_undo_refusal(term: VoluntaryTerm) -> None:
    if term.state != TermState.REFUSED:
        raise UnableToRecord("不受理の申出だけを取り消せます。")


def check_end_day(term: VoluntaryTerm, day: date) -> None:
    """The end lies after the beginning and not after two years have passed."""
    if day <= term.lost_date:
        raise UnableToRecord("喪失日が、任意継続の始まりより前になります。日付を確かめてください。")
    if day > term.term_end_date:
        raise UnableToRecord("2年の満了より後の喪失日です。満了による喪失が先になります。")


def check_unpaid(instalment: VoluntaryInstalment, today: date) -> None:
    if instalment.paid_date:
        raise UnableToRecord("この月の保険料は納付済みです。")
    if instalment.excused:
        raise UnableToRecord("この月は、遅れた正当な理由を認めています。")
    if instalment.due_date >= today:
        raise UnableToRecord("納付期日がまだ過ぎていません。納付期日の翌日から登録できます。")


def check_paid_date(instalment: VoluntaryInstalment, paid_date: date, *, today: date) -> None:
    if paid_date > today:
        raise UnableToRecord("納付した日は、今日までの日にしてください。")
    if paid_date > instalment.due_date and not instalment.excused:
        raise UnableToRecord(
            "納付期日より後の納付です。遅れた正当な理由を認めるときは、先にその理由を登録してください（法38条3号）。"
        )


def check_can_process(event: AgeEvent, today: date) -> None:
    if event.state not in (AgeState.PLANNED, AgeState.ANNOUNCED, AgeState.HELD):
        raise UnableToRecord(f"この年齢到達は「{event.get_state_display()}」です。")
    if event.event_date > today:
        raise UnableToRecord("効力の日がまだ来ていません。その日の夜間処理で処理します。")


def check_can_cancel(event: AgeEvent) -> None:
    if event.state not in (AgeState.PLANNED, AgeState.ANNOUNCED, AgeState.HELD):
        raise UnableToRecord(f"この年齢到達は「{event.get_state_display()}」です。見送れるのは、処理の前だけです。")


def check_can_restore(event: AgeEvent) -> None:
    if event.state == AgeState.PROCESSED and event.kind == AgeKind.ELDERLY_CARE:
        raise UnableToRecord("75歳の喪失は、加入者の画面の「喪失の取り消し」から戻してください。")
    if event.state not in (AgeState.CANCELLED, AgeState.PROCESSED):
        raise UnableToRecord("取り消す処理がありません。")


ENDS_BY_FACT = (EndKind.INSURED, EndKind.SEAMAN, EndKind.ELDERLY, EndKind.DEATH)

"""May this import be moved now? A sentence when not."""

from __future__ import annotations

from members.intake.enums import FileState
from members.intake.models import ImportFile


class UnableToMove(Exception):
    """The import cannot be moved; the text is a sentence for the clerk."""


def check_can_map(file: ImportFile) -> None:
    if file.state not in (FileState.UPLOADED, FileState.CHECKED):
        raise UnableToMove("列の対応を直せるのは、反映する前のファイルだけです。")
    if file.applied_lines:
        raise UnableToMove("反映した行があるので、列の対応は直せません。直したファイルを新しく取り込んでください。")


def check_can_apply(file: ImportFile) -> None:
    if file.state not in (FileState.CHECKED, FileState.PARTLY):
        raise UnableToMove(f"この取り込みは「{file.get_state_display()}」なので、反映できません。")
    if file.applicable < 1:
        raise UnableToMove("反映する行がありません。")


def check_can_correct(file: ImportFile) -> None:
    if file.state not in (FileState.CHECKED, FileState.PARTLY):
        raise UnableToMove("行を直せるのは、検査が終わった取り込みだけです。")


def check_can_give_up(file: ImportFile) -> None:
    if file.applied_lines or file.state not in (FileState.UPLOADED, FileState.CHECKED, FileState.UNREADABLE):
        raise UnableToMove("取りやめられるのは、まだ何も反映していない取り込みだけです。")


def can(check: object, file: ImportFile) -> bool:
    """Whether a check passes."""
    try:
        check(file)  # type: ignore[operator]
    except UnableToMove:
        return False
    return True

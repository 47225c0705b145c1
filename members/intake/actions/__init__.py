"""The only writers of the import."""

from members.intake.actions.applying import apply_some, start_apply
from members.intake.actions.checking import check_some, finish_check, start_check
from members.intake.actions.correcting import correct_line
from members.intake.actions.receiving import Received, give_up, receive_file, save_map, use_map

__all__ = [
    "Received",
    "apply_some",
    "check_some",
    "correct_line",
    "finish_check",
    "give_up",
    "receive_file",
    "save_map",
    "start_apply",
    "start_check",
    "use_map",
]

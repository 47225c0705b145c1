"""Reads of the register: the list, one member's page, what changed, who is protected.

Every list has a constant number of statements: the page of members, their count, and one statement for each kind of
period of those fifty people. Nothing here knows `policies`, which ask these reads.
"""

from members.enrollment.queries.history import ChangeEntry, FieldChange, changes_of
from members.enrollment.queries.identity import find_by_number, similar_people
from members.enrollment.queries.letters import Postal, postal_of
from members.enrollment.queries.listing import PAGE, SORTS, MemberPage, Tally, matching, member_list, members_in
from members.enrollment.queries.people import Person, members_by_id, merged_rows, person, remaining_of, status_of
from members.enrollment.queries.protection import hidden_from, is_named, named_members, open_to, whom_to_ask
from members.enrollment.queries.reports import fill_contents, latest_reports, report_of, reports_entered_on
from members.enrollment.queries.rows import MemberRow, member_rows, veiled_number
from members.enrollment.queries.searches import employers, saved_search

__all__ = [
    "PAGE",
    "SORTS",
    "ChangeEntry",
    "FieldChange",
    "MemberPage",
    "MemberRow",
    "Person",
    "Postal",
    "Tally",
    "changes_of",
    "employers",
    "fill_contents",
    "find_by_number",
    "hidden_from",
    "is_named",
    "latest_reports",
    "matching",
    "member_list",
    "member_rows",
    "members_by_id",
    "members_in",
    "merged_rows",
    "named_members",
    "open_to",
    "person",
    "postal_of",
    "remaining_of",
    "report_of",
    "reports_entered_on",
    "saved_search",
    "similar_people",
    "status_of",
    "veiled_number",
    "whom_to_ask",
]

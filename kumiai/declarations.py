"""What touches nobody, with a reason each: the tables and the library's screens that no published use governs.

TABLES_OF_NOBODY: model label or "app.*" → (reason, what the login roles may do, what every activity may do), in letters
of SIUD (select, insert, update, delete). A model that is neither here nor personal fails check privacy.E001.
VIEW_ACTIVITIES: dotted prefix of a library's view → (activity or NO_PERSONAL_DATA, reason). Admin pages are named
`admin.<app>.<model>` and `admin.site.<view>`.
"""

TABLES_OF_NOBODY: dict[str, tuple[str, str, str]] = {
    "contenttypes.ContentType": ("names of models", "S", "S"),
    "auth.Permission": ("names of operations", "S", "S"),
    "auth.Group": ("sections of the association (課)", "S", "S"),
    "sessions.Session": ("opaque keys and the number of the person logged in", "SIUD", "SIUD"),
    "admin.LogEntry": ("what administrators changed, without values", "S", "S"),
    "axes.*": ("failed log-ins; staff numbers only", "SIUD", ""),
    "accounts.*": ("staff log-in: who is at the keyboard", "SIU", ""),
    "accounts.User": ("staff log-in: number, name, section", "SU", "S"),
    "accounts.UserSession": ("open sessions under the digest of their key", "SIUD", "S"),
    "guardian.*": ("unused: grants are direct-foreign-key rows of privacy.notice", "S", "S"),
    "jobs.*": ("progress of long work: ids, counts and states only", "SIU", "SIU"),
    "reference.*": ("figures of the law", "S", "S"),
    "notice.*": ("the published notice and the grants on it", "S", "S"),
    "enrollment.Employer": ("companies, not people", "S", "S"),
}

VIEW_ACTIVITIES: dict[str, tuple[str, str]] = {
    "admin.site": ("NO_PERSONAL_DATA", "frame pages of Django admin: index, log-in, script catalogue"),
    "admin.accounts": ("privacy.administration.ACCESS_ADMINISTRATION", "staff and their second factors"),
    "admin.auth": ("privacy.administration.ACCESS_ADMINISTRATION", "sections"),
    "admin.notice": ("privacy.administration.ACCESS_ADMINISTRATION", "published uses and grants"),
    "admin.enrollment": ("members.enrollment.activities.EMPLOYER_ADMINISTRATION", "employers"),
    "admin.reference": ("privacy.administration.REFERENCE_ADMINISTRATION", "figures of the law"),
    "django.contrib.staticfiles": ("NO_PERSONAL_DATA", "style sheets and scripts"),
}

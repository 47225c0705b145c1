"""Activities: which published uses a job of work exercises, named once.

An activity is declared as a module constant in an app's `activities.py`; its code is `<app label>.<constant name>` in
lower case. From the declarations come the database roles and their privileges (`privacy.wall`), the proof of grants
(`privacy.scope`), the menu, the purpose band and the record of processing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings

from kumiai.ui.declarations import NO_PERSONAL_DATA
from privacy.notice.register import Category, Purpose, category_label, key, purpose_label

__all__ = ["NO_PERSONAL_DATA", "Activity", "Statute", "activity_by_code", "activity_of_view", "registry"]

OPERATIONS = ("view", "change", "export", "decide")


@dataclass(frozen=True)
class Statute:
    """The article that permits an activity the notice does not publish, and what it may touch.

    one_person: a case is about one person, and opens only what `privacy.scope.check_subject` is asked for them.
    """

    article: str
    categories: tuple[Category, ...]
    second_person: bool = False
    one_person: bool = False


@dataclass(eq=False)
class Activity:
    """One job of work under published uses.

    title: what staff call the work; shown in the purpose band.
    uses: category → purpose (or several purposes of that category).
    writes: labels of the models this work may write ("enrollment.Member").
    reads: labels of the models it may read; None means every model of its categories that is not closed.
    opens: labels of closed models it reads as well (`PersonalTable.closed`).
    access_log: whether it may read the access log (who saw a person).
    menu, entry: the word in the menu and the URL name it opens; no menu entry without them.
    statute: instead of `uses`, the article that allows it.
    staff_only: no published use: administration of data about nobody, for staff of Django admin.
    night: whether it runs by the clock too, with nobody at the keyboard.
    """

    title: str
    uses: Mapping[Category, Purpose | tuple[Purpose, ...]] = field(default_factory=dict)
    writes: tuple[str, ...] | list[str] = ()
    reads: tuple[str, ...] | list[str] | None = None
    opens: tuple[str, ...] | list[str] = ()
    access_log: bool = False
    menu: str = ""
    entry: str = ""
    statute: Statute | None = None
    staff_only: bool = False
    night: bool = False
    code: str = ""

    def __repr__(self) -> str:
        return f"<Activity {self.code or self.title}>"

    @property
    def pairs(self) -> tuple[tuple[Category, Purpose], ...]:
        """Every published use this activity exercises, in declared order."""
        found = []
        for category, purposes in self.uses.items():
            for purpose in purposes if isinstance(purposes, tuple) else (purposes,):
                found.append((category, purpose))
        return tuple(found)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key(category, purpose) for category, purpose in self.pairs)

    @property
    def categories(self) -> tuple[Category, ...]:
        if self.statute:
            return self.statute.categories
        return tuple(self.uses)

    def role_for(self, operation: str) -> str:
        """The PostgreSQL role that is this activity: one that only looks, one for everything else.

        A name of PostgreSQL has 63 bytes; a longer one ends in a digest, so that two never become one.
        """
        name = f"{settings.WALL_PREFIX}_{self.code.replace('.', '_')}" + ("_view" if operation == "view" else "")
        return name if len(name) <= 63 else f"{name[:54]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"

    @property
    def labels(self) -> list[tuple[str, str]]:
        """(類型, 利用目的) as published, for the band and for files."""
        return [(category_label(c), purpose_label(c, p)) for c, p in self.pairs]

    def written_categories(self) -> set[Category]:
        models = (apps.get_model(label) for label in self.writes)
        return {model.category for model in models if isinstance(getattr(model, "category", None), Category)}

    def needs(self, operation: str) -> list[tuple[str, str]]:
        """(use key, operation) pairs a person must hold: the operation where this activity writes, `view` elsewhere.

        A work that reads the register to do something in another category needs only `view` on the register.
        An activity that writes nothing personal needs the operation on all its uses.
        """
        primary = self.written_categories() or set(self.uses)
        return [(key(c, p), operation if c in primary else "view") for c, p in self.pairs]


_registry: dict[str, Activity] = {}


def discover() -> None:
    """Import every `activities.py` and give each constant its code. Called once the apps are loaded."""
    modules = [(config.label, f"{config.name}.activities") for config in apps.get_app_configs()]
    modules += [("privacy", "privacy.administration")]
    for label, name in modules:
        if name == __name__ or find_spec(name) is None:
            continue
        for constant, value in vars(import_module(name)).items():
            if isinstance(value, Activity) and not value.code:
                value.code = f"{label}.{constant.lower()}"
            if isinstance(value, Activity):
                _registry[value.code] = value


def registry() -> dict[str, Activity]:
    """Every declared activity by code."""
    return _registry


def activity_by_code(code: str) -> Activity:
    """The activity of a code; LookupError with a sentence when there is none."""
    try:
        return _registry[code]
    except KeyError:
        raise LookupError(f"活動 {code} は宣言されていません。") from None


@cache
def _third_party_views() -> dict[str, object]:
    declared: dict[str, object] = {}
    for prefix, (target, _reason) in settings.VIEW_ACTIVITIES.items():
        if target == "NO_PERSONAL_DATA":
            declared[prefix] = NO_PERSONAL_DATA
        else:
            module, _, constant = target.rpartition(".")
            declared[prefix] = getattr(import_module(module), constant)
    return declared


def activity_of_view(view) -> Activity | object | None:
    """What a view declares: an Activity, NO_PERSONAL_DATA, or None when it declares nothing.

    Looks at the view class, the function, the ModelAdmin behind an admin page, and last at settings.VIEW_ACTIVITIES for
    views of libraries (by dotted prefix of the view's module and name).
    """
    for place in (getattr(view, "view_class", None), view):
        declared = getattr(place, "activity", None)
        if declared is not None:
            return declared
    admin = getattr(view, "model_admin", None)
    if admin is not None:
        dotted = f"admin.{admin.model._meta.label_lower}"
    elif getattr(view, "admin_site", None) is not None:
        dotted = f"admin.site.{view.__name__}"
    else:
        dotted = f"{view.__module__}.{getattr(view, '__name__', type(view).__name__)}"
    found = None
    length = -1
    for prefix, declared in _third_party_views().items():
        if (dotted == prefix or dotted.startswith(prefix + ".")) and len(prefix) > length:
            found, length = declared, len(prefix)
    return found


def published(pairs: Iterable[tuple[Category, Purpose]]) -> bool:
    from privacy.notice.register import PUBLISHED

    return all(pair in PUBLISHED for pair in pairs)

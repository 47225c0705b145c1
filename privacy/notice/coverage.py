"""Which published uses are exercised: those a marked test proves, read from the tests without running them.

A test says what it proves:

    @pytest.mark.use("eligibility_address", "member_administration", screens=["enrollment:member-list"])

on a function, a class, or a module (`pytestmark`). A mark on a skipped test proves nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from privacy.activities import registry
from privacy.notice.register import Category, Purpose

WAYS = ("screens", "jobs", "files")
SKIPS = {"skip", "skipif", "xfail"}


class UnreadableMark(Exception):
    """A `use` mark that cannot be read without running it; the message names file and line."""


@dataclass
class Exercise:
    """What tests prove of one published use."""

    category: str
    purpose: str
    screens: set[str] = field(default_factory=set)
    jobs: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    @property
    def pair(self) -> tuple[str, str]:
        return self.category, self.purpose

    def as_dict(self) -> dict[str, Any]:
        return {"category": self.category, "purpose": self.purpose} | {way: sorted(getattr(self, way)) for way in WAYS}


def marks_in(source: str, name: str = "") -> list[Exercise]:
    """The `use` marks of the tests of one file; `name` is for the message of an unreadable mark."""
    found: list[Exercise] = []
    module = ast.parse(source)
    for marks in _tests(module.body, _module_marks(module)):
        if any(_name(mark) in SKIPS for mark in marks):
            continue
        found += [_exercise(mark, name) for mark in marks if _name(mark) == "use" and isinstance(mark, ast.Call)]
    return found


def _tests(body: Iterable[ast.stmt], outer: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """The marks of every test function, with those of its class and module."""
    for statement in body:
        if isinstance(statement, ast.ClassDef) and statement.name.startswith("Test"):
            yield from _tests(statement.body, outer + statement.decorator_list)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name.startswith("test"):
            yield outer + statement.decorator_list


def _module_marks(module: ast.Module) -> list[ast.expr]:
    for statement in module.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in statement.targets
        ):
            value = statement.value
            return list(value.elts) if isinstance(value, ast.List | ast.Tuple) else [value]
    return []


def _name(mark: ast.expr) -> str:
    """`use` for pytest.mark.use(…) and for pytest.mark.use."""
    target = mark.func if isinstance(mark, ast.Call) else mark
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Attribute) and target.value.attr == "mark":
        return target.attr
    return ""


def _exercise(mark: ast.Call, name: str) -> Exercise:
    where = f"{name}:{mark.lineno}"
    if len(mark.args) != 2:
        raise UnreadableMark(f"{where} use には、類型と利用目的の二つを書いてください。")
    category, purpose = (_code(argument, where) for argument in mark.args)
    made = Exercise(category, purpose)
    for keyword in mark.keywords:
        if keyword.arg not in WAYS:
            raise UnreadableMark(f"{where} use に書けるのは {'、'.join(WAYS)} です。")
        try:
            values = ast.literal_eval(keyword.value)
        except ValueError as error:
            raise UnreadableMark(f"{where} {keyword.arg} は、文字列の並びで書いてください。") from error
        getattr(made, keyword.arg).update(values)
    return made


def _code(argument: ast.expr, where: str) -> str:
    """A code written as a string or as Category.X, Purpose.X."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.Attribute) and isinstance(argument.value, ast.Name):
        constants: dict[str, Any] = {"Category": Category, "Purpose": Purpose}
        known = constants.get(argument.value.id)
        if known is not None and argument.attr in known.__members__:
            return str(known[argument.attr])
    raise UnreadableMark(f"{where} 類型と利用目的は、コードか Category、Purpose の名前で書いてください。")


def exercised_in(folder: Path) -> list[Exercise]:
    """What all tests under a folder prove, one entry a use."""
    merged: dict[tuple[str, str], Exercise] = {}
    for path in sorted(folder.rglob("test_*.py")):
        for one in marks_in(path.read_text(encoding="utf-8"), str(path.relative_to(folder))):
            whole = merged.setdefault(one.pair, Exercise(*one.pair))
            for way in WAYS:
                getattr(whole, way).update(getattr(one, way))
    return list(merged.values())


def coverage(*, published: list[tuple[str, str]], tests: Path) -> dict[str, Any]:
    """The table: how many uses are published, which are exercised, and what activities use beyond the notice.

    published: the pairs of the version in force, in its order.
    """
    order = {pair: position for position, pair in enumerate(published)}
    proven = exercised_in(tests)
    beyond: dict[tuple[str, str], set[str]] = {}
    for activity in registry().values():
        for category, purpose in activity.pairs:
            if (str(category), str(purpose)) not in order:
                beyond.setdefault((str(category), str(purpose)), set()).add(activity.code)
    for one in proven:
        if one.pair not in order:
            beyond.setdefault(one.pair, set())
    uses = sorted((one for one in proven if one.pair in order), key=lambda one: order[one.pair])
    return {
        "published": len(published),
        "exercised": len(uses),
        "unpublished": [
            {"category": category, "purpose": purpose, "activities": sorted(codes)}
            for (category, purpose), codes in sorted(beyond.items())
        ],
        "statutory": [
            {"activity": activity.code, "title": activity.title, "article": activity.statute.article}
            for activity in registry().values()
            if activity.statute
        ],
        "uses": [one.as_dict() for one in uses],
    }

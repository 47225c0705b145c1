"""The wall: activities as PostgreSQL roles, whose table privileges are exactly what is declared (docs/adr/0001).

`wall_as_declared()` says what must hold, `wall_as_it_stands()` reads what holds in this database, `differences()` names
what lies between (a system check), `build()` makes it go away (owner only, after every migrate).
"""

from privacy.wall.building import build, build_roles, prune, unused_roles
from privacy.wall.declared import common_role, declaration, digest, login_roles, readable, wall_as_declared
from privacy.wall.standing import differences, wall_as_it_stands

__all__ = [
    "build",
    "build_roles",
    "common_role",
    "declaration",
    "differences",
    "digest",
    "login_roles",
    "prune",
    "readable",
    "unused_roles",
    "wall_as_declared",
    "wall_as_it_stands",
]

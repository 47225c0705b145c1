"""script/manage …: any command of manage.py with the local database up. Owner commands log in as the owner."""

import sys

from place import ROOT
from stack import open_stack

sys.path.insert(0, str(ROOT))


def main() -> int:
    from importlib.util import module_from_spec, spec_from_file_location

    stack = open_stack(redis=False)
    spec = spec_from_file_location("portal_manage", ROOT / "manage.py")
    portal_manage = module_from_spec(spec)
    spec.loader.exec_module(portal_manage)
    try:
        owner = len(sys.argv) > 1 and sys.argv[1] in portal_manage.OWNER_COMMANDS
        return stack.manage(*sys.argv[1:], owner=owner).returncode
    finally:
        stack.stop()


if __name__ == "__main__":
    sys.exit(main())

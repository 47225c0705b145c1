"""Rules of the register: pure functions of the law, without Django, clock or database."""

"""Screens of 加入者台帳. Each view makes one call to a query or an action."""

"""Screens of 年齢到達 and 任意継続. Each view makes one call to a query or an action."""

"""Reads of this app, constant in statements: lists by page, one person, counts."""

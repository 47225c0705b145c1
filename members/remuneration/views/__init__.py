"""Screens of standard remuneration."""

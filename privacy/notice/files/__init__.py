"""Formats of the notice."""

"""Invented standard remuneration of the demonstration members."""

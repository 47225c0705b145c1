"""The only writers of standard remuneration."""

"""Pure rules of the standard monthly remuneration: grades, what is in force in a month, the average of twelve months."""

"""Files of standard remuneration. Pure."""

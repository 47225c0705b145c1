"""Files that others send for cash benefits: read, never applied."""

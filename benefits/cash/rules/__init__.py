"""Pure rules of the cash benefits: who is paid how much, until when it may be claimed, what excludes what, what moves."""

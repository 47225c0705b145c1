"""Pages of accounts: `login` (the way in and out), `own` (one's own password, codes and sessions)."""

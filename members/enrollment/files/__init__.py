"""What leaves the register as a file: rows in, bytes or table out. No database, no clock."""

"""Tables in and out of files: bytes in, rows and errors; rows in, bytes. Pure, without knowledge of any domain."""

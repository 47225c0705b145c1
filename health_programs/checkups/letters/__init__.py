"""Letters and vouchers of the checkups: what the door stages of each person, and the PDF made of it. No database."""

"""What other apps may ask of accounts and payments."""

from members.payments.queries.banks import Place, find_bank, find_branch
from members.payments.queries.payments import PaymentFact, payments_of

__all__ = ["PaymentFact", "Place", "find_bank", "find_branch", "payments_of"]

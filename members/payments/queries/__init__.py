"""What other apps may ask of accounts and payments."""

from members.payments.queries.payments import PaymentFact, payments_of

__all__ = ["PaymentFact", "payments_of"]

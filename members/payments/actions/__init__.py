"""What other apps may do with payments."""

from members.payments.actions.orders import cancel_order, order_payment
from members.payments.policies import Stale, UnableToPay

__all__ = ["Stale", "UnableToPay", "cancel_order", "order_payment"]

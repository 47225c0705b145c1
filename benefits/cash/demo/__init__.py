"""Invented applications for cash benefits, with cases in every state."""

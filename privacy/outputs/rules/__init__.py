"""Pure rules of the door: no Django models, no clock, no database."""

"""An app of the journeys alone: long work that a screen starts, so that a journey can kill what does it, and decisions
that a journey has paid."""

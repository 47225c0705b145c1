"""Invented members for demonstration, tests and benchmarks: seeded, scalable, with the awkward cases."""

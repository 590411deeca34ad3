"""Measurements side by side with other tools; nothing timed lives in tests/."""

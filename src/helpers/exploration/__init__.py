"""Exploration: each variable described, each against the target, and the associations among them."""

"""Executed notebooks to HTML reports."""

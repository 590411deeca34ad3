"""What is written down of runs, and read again: records, what can be reused, what was cut off."""

"""Two runs held against each other: what differs, and whether one is really better than the other."""

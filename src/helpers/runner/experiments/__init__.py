"""Params files to checked experiments, one by one or as the combinations of a grid."""

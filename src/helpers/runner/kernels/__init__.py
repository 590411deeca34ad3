"""Kernels that start at once: forked from one warm server that holds the heavy libraries."""

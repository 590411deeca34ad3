"""Contracts: what a table must keep, written once by `nightbook contract` and checked before anything runs.

pandera, in whose own format a contract is kept, is imported only where a contract is written or checked.
"""

"""`make bench`: every measurement in turn, each a table on the terminal."""

from benchmarks import execution

if __name__ == "__main__":
    execution.main()

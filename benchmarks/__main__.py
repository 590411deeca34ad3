"""`make bench`: every measurement in turn, each a table on the terminal."""

from benchmarks import execution, many_runs

MEASUREMENTS = (many_runs, execution)

if __name__ == "__main__":
    for measurement in MEASUREMENTS:
        measurement.main()

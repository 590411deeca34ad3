"""`make bench`: every measurement in turn, each a table on the terminal."""

from benchmarks import execution, kernels, many_runs

MEASUREMENTS = (many_runs, kernels, execution)

if __name__ == "__main__":
    for measurement in MEASUREMENTS:
        measurement.main()

"""The same batch on the workers of a Dask cluster."""

"""All runs at a glance: the page `reports/index.html` and `nightbook list`."""

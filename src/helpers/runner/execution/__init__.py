"""What executes notebooks: the plan, the graph, the workers of this machine, limits, progress."""

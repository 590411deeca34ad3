"""What executes notebooks: params files, runs, batch, rendering, command line."""

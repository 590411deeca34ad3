"""What is wrong with a table: one function a rule, a runner, and what the report shows of it."""

"""Tables: read, typed, cleaned as declared, split once."""

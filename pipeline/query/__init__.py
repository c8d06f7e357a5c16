"""Questions the pages ask: each function takes a reader (and filters) and gives back a frame."""

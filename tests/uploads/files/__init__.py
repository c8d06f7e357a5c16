"""Files people bring: kept, known by their content, read within limits, and what is wrong named in words."""

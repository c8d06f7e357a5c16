"""Speed, measured beside a base in the same run: a machine's own speed changes from minute to minute."""

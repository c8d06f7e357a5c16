"""What people see. Pages draw; they do not compute."""

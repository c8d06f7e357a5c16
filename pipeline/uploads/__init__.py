"""Figures brought by municipal staff: received, read, checked, compared, published and taken back.

    receive -> quarantine -> type by content -> child process -> grids of text -> rows -> checks -> preview
    -> publish -> undo or withdraw

Nothing here draws; pages call these functions and put their results into words.
"""

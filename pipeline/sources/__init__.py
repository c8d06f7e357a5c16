"""Readers of the publishers' own files: one module a source, each with ``read(path) -> Iterator[Row]``.

A reader turns an official file, as downloaded, into rows of our figures schema. It computes nothing that
the publisher did not print, but for unit conversion and sums that the row itself calls a sum. What a reader
does not understand stops it with a :class:`~pipeline.sources.tables.ReadError` that names the file, sheet,
row, column, value and what to do.
"""

"""Parts of a page that are long enough to stand alone, or that two pages share. They draw; they compute
nothing."""

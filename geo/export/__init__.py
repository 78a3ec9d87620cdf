"""Floor 7: a selection as files for other tools."""

"""The runs pane: what was run before, what runs now, and how a trace comes into the window."""

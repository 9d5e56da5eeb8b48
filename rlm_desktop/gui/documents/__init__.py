"""The documents: the pane that takes them, what is known of each, and the view of a document's text."""

"""From what a person gives to plain text: readers, outlines, and the store in which the texts lie."""

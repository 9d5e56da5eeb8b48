"""The page that shows how the models' code is confined, and how that is known."""

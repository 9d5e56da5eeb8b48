"""The answer as of the cursor, always in sight."""

"""The bars around the panes: question, budget, status, replay."""

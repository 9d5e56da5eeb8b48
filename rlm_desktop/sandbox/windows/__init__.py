"""Confinement on Windows: a child that is born in an AppContainer and a job of its own. Not yet proven on a machine."""

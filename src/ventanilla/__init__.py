"""Ventanilla: an open Gestión Social Local, the single window of a Chilean municipality."""

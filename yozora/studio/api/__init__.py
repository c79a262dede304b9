"""HTTP: routes parse, call and return."""

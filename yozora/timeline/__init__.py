"""What a film is made of: one document, plain functions that make it, one compiler."""

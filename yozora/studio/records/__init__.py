"""What the studio remembers: the only place with SQL."""

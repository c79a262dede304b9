"""Pixels in and out: films, pictures, latents on disk. No torch."""

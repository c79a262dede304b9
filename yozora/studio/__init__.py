"""The studio: jobs, people and `/v1/videos` over HTTP. The only room that serves."""

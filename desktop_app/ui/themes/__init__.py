"""The Themes page: what looks alike, put together and named."""

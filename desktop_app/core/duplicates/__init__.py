"""Copies of photos: exact, near, turned, and bursts; compared pixel by pixel."""

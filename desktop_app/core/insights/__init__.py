"""Instagram and Meta exports: reading, matching, statistics, report."""

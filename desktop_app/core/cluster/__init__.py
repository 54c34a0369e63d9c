"""Groups of photos that look alike: fine groups, the tree they make, how many to show, and what stays over new runs."""

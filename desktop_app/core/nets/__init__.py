"""Networks: what is bundled, how a picture becomes an input, and what runs it."""

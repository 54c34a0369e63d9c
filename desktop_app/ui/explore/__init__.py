"""Looking into how photos are compared: ways side by side, what a layer sees, why two photos are alike, colours."""

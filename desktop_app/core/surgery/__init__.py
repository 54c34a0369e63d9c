"""Graph surgery: reading a stranger's ONNX file, finding where it can be cut, and writing the cut network."""

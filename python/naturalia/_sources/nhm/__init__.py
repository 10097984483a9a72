"""The data portal of the Natural History Museum, London."""

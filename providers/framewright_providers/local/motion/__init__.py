"""What moves: the camera over a picture or over a scene's layers, and what drifts and falls."""

"""Components: their functions and values, called from Python."""

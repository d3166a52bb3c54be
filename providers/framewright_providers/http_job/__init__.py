"""What providers over HTTP share: a connection with a key, files in and out, and how to wait."""

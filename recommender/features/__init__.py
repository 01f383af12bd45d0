"""What a movie is: features as columns, and its text as a vector. Reads the catalogue, knows no model."""

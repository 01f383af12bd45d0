"""The cascade that stands behind most real systems: many sources bring a few hundred movies, one model ranks them, the list is put in its last order."""

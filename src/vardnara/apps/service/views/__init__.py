"""Pages of the work: home, worker's phone, bed, ward board, coordination, status."""

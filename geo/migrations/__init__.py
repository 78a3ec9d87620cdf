"""Floor 2: the steps from one shape of the store to the next; ``geo.store_database`` runs them."""

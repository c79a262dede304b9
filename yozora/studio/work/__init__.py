"""Workers: they take jobs from the queue, make films and store them."""

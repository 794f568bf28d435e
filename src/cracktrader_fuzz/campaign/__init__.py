"""How a run is cut into jobs, spread over processes, and summed up."""

"""The front end `mutation`: stored and generated cases, changed and crossed."""

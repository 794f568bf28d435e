"""Everything that is shown: to a person, to a build server, to another program."""

"""The demo fleet: five bots of one invented person, and what they would have remembered."""

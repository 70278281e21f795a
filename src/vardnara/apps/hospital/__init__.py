"""The place and who is in it: region to bed place, stays, bed states, and the inbox of messages from other systems."""

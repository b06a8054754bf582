"""Edit: change the files that authors keep, with their comments, order and written digits."""

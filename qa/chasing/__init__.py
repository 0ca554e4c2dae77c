"""Following returns until they are in: the tracker of returns, chasing by e-mail, extending a deadline."""

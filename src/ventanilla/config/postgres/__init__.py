"""The private PostgreSQL: where its programs are, how its cluster lives, and with which role one connects."""

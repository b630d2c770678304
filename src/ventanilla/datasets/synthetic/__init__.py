"""A believable fictional population, written as the files that ``ventanilla load`` reads; nobody in it exists."""

"""What the weights that ship made when they were shipped, and how to make it again."""

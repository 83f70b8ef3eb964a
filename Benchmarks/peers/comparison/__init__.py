"""Compares Headway's training with other programs that train the same model. Standard library only."""

"""What is measured: this project beside hand-written SQL doing the very same work, in one run."""

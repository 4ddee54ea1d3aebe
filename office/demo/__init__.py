"""演示县: a county that does not exist, with mines in every state, played day by day through the real procedures."""

from office.demo.playing import play

__all__ = ["play"]

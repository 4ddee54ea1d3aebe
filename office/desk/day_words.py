"""How many days are left, in the words that every screen and the terminal use."""


def days_words(days: int | None) -> str:
    """逾期 4 天 / 剩余 25 天 / 今天到期."""
    if days is None:
        return "待明确"
    if days < 0:
        return f"逾期 {-days} 天"
    return "今天到期" if days == 0 else f"剩余 {days} 天"

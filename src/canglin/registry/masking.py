"""Personal data as pages show it: enough to tell two people apart, not enough to use (GB/T 22239-2019 8.1.4.8,
GB/T 37964-2019). What is stored stays whole; only authorised exports of the log hold it."""

HIDDEN = "*"


def name(text: str | None) -> str:
    """A person's name: the first character stays."""
    return text[0] + HIDDEN * (len(text) - 1) if text else ""


def id_card(text: str | None) -> str:
    """身份证 number: the county of registration and the last two characters stay."""
    return _middle(text, 6, 2)


def phone(text: str | None) -> str:
    """Telephone: the first three and the last four digits stay."""
    return _middle(text, 3, 4)


def account(text: str | None) -> str:
    """Bank account: the last four digits stay."""
    return _middle(text, 0, 4)


def email(text: str | None) -> str:
    """E-mail address: the first character and the domain stay."""
    before, at, domain = (text or "").partition("@")
    return f"{before[:1]}***{at}{domain}" if before else ""


def address(text: str | None) -> str:
    """Postal address of a person: the first six characters stay, roughly the county."""
    return _middle(text, 6, 0)


def _middle(text: str | None, first: int, last: int) -> str:
    if not text:
        return ""
    if len(text) <= first + last:
        return HIDDEN * len(text)
    return text[:first] + HIDDEN * (len(text) - first - last) + text[len(text) - last :]

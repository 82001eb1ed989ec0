"""Numbers with check digits, and names, of people and firms that do not exist.

Sources: GB 32100 (统一社会信用代码), GB 11714 (organisation code inside it), GB 11643 (身份证), GA 36 (plates).
"""

from random import Random

_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PERSON_WEIGHTS = tuple(2**i % 11 for i in range(17, 0, -1))

_FAMILY = "张王李赵刘陈杨黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_PLATE = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def credit_code_check(first17: str) -> str:
    """The 18th character of a 统一社会信用代码 (GB 32100)."""
    total = sum(_CREDIT.index(c) * w for c, w in zip(first17, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT[(31 - total % 31) % 31]


def organisation_check(first8: str) -> str:
    """The check character of an organisation code (GB 11714)."""
    rest = 11 - sum(_ORGANISATION.index(c) * w for c, w in zip(first8, _ORGANISATION_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def credit_code(kind: str, region: str, serial: int) -> str:
    """A 统一社会信用代码: ``kind`` is registrar and type (``91`` enterprise, ``11`` government office), ``serial``
    below 10⁷.

    The organisation part begins with MA as those given out since 2015 do. Its check character may be X, which is in
    both alphabets.
    """
    body = f"M{serial:07d}"
    first17 = f"{kind}{region}{body}{organisation_check(body)}"
    return first17 + credit_code_check(first17)


def person_id(region: str, born: str, order: int) -> str:
    """An ID-card number (GB 11643). ``born`` yyyyMMdd; an odd ``order`` (0–999) is a man."""
    first17 = f"{region}{born}{order:03d}"
    return first17 + "10X98765432"[sum(int(c) * w for c, w in zip(first17, _PERSON_WEIGHTS, strict=True)) % 11]


class Person:
    """Someone with a name that says it is made up, an ID card, a telephone."""

    __slots__ = ("born", "id_card", "man", "name", "phone")

    def __init__(self, rng: Random, region: str) -> None:
        year, month, day = rng.randint(1964, 2001), rng.randint(1, 12), rng.randint(1, 28)
        order = rng.randint(1, 998)
        self.man = order % 2 == 1
        self.born = f"{year}{month:02d}{day:02d}"
        self.id_card = person_id(region, self.born, order)
        self.name = "演示" + rng.choice(_FAMILY) + rng.choice(_GIVEN) + (rng.choice(_GIVEN)
            if rng.random() < 0.6 else "")
        # Mobile numbers begin 13 to 19: a number that begins 10 rings nobody.
        self.phone = f"1000{rng.randint(0, 9999999):07d}"


def plate(rng: Random, letter: str) -> str:
    """A lorry's plate of the province (湘 + city letter + five)."""
    return "湘" + letter + "".join(rng.choice("0123456789") if i != 1 else rng.choice(_PLATE) for i in range(5))

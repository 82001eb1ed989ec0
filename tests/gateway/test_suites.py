"""Ciphers and signatures of both suites: the published vectors, there and back, and every kind of tampering."""

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canglin.gateway.suites import V2022, Sm, Unreadable, digest_v2022, sm3

SECRET = "00112233445566778899aabbccddeeff"
APPID, TIME_MS, NONCE = "demoappid0000001", "1767225600000", "0123456789abcdef"
BOUND = f"{APPID}\n{TIME_MS}\n{NONCE}".encode()
IV = bytes(range(12))
SEALED = bytes.fromhex("000102030405060708090a0bb30749ccd389e931514fdc1310d2f583086573411d18d61b6d39e7ff")
SIGNATURE = "60edd7ae90faa87eb50da2dfe68cc8f53146fec45936e5d9c313e92af84b448a"


def test_the_fields_published_vector():
    assert V2022(SECRET).close(b'{"czbz":"i"}') == "suyGf6dL6SmcTC7SfJhzJg=="
    assert V2022(SECRET).open("suyGf6dL6SmcTC7SfJhzJg==") == b'{"czbz":"i"}'
    assert digest_v2022(b'{"czbz":"i"}') == "2b440b4d2eae68b1bdd2595aa03bde41"


def test_the_strong_suites_published_vector():
    sm = Sm(SECRET)
    canonical = sm.canonical("POST", "/api/v2022/kqxx", APPID, TIME_MS, NONCE, SEALED)
    assert sm.close(b'{"czbz":"i"}', BOUND, IV) == SEALED
    assert sm.open(SEALED, BOUND) == b'{"czbz":"i"}'
    assert sm3(SEALED).hex() == "aa6787367cf5426fd1beb111bd3d5b99131984a32a5d5f8144930e3748168b1f"
    assert sm.sign(canonical) == SIGNATURE
    sm.check(canonical, SIGNATURE.upper())


@given(st.binary(max_size=300))
def test_whatever_is_closed_opens_again(plain):
    cipher = V2022(SECRET)
    assert cipher.open(cipher.close(plain)) == plain
    assert Sm(SECRET).open(Sm(SECRET).close(plain, BOUND, IV), BOUND) == plain


@given(st.binary(max_size=64))
def test_a_spoilt_message_does_not_spoil_the_next(noise):
    """One open context serves all messages of an application: what one of them does must not reach the others."""
    cipher = V2022(SECRET)
    with contextlib.suppress(Unreadable):
        cipher.open(noise)
    assert cipher.open("suyGf6dL6SmcTC7SfJhzJg==") == b'{"czbz":"i"}'


@pytest.mark.parametrize("text", ["", "=", "suyGf6dL6SmcTC7SfJhzJ", "suyGf6dL6SmcTC7SfJhz", "中文", "AAAA" * 16 + "=="])
def test_what_is_no_ciphertext_is_unreadable(text):
    with pytest.raises(Unreadable):
        V2022(SECRET).open(text)


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_any_bit_of_a_sealed_body_that_flips_is_found(bit):
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Unreadable):
        Sm(SECRET).open(bytes(changed), BOUND)


@pytest.mark.parametrize("body", [b"", SEALED[:27], SEALED[:-1], SEALED + b"\0"])
def test_a_body_cut_or_grown_is_unreadable(body):
    with pytest.raises(Unreadable):
        Sm(SECRET).open(body, BOUND)


def test_a_sealed_body_belongs_to_its_request_alone():
    with pytest.raises(Unreadable):
        Sm(SECRET).open(SEALED, BOUND.replace(b"0123456789abcdef", b"0123456789abcdee"))


@pytest.mark.parametrize("part", range(6))
def test_every_line_of_the_request_is_signed(part):
    sm = Sm(SECRET)
    lines = sm.canonical("POST", "/api/v2022/kqxx", APPID, TIME_MS, NONCE, SEALED).split(b"\n")
    lines[part] += b"x"
    with pytest.raises(Unreadable):
        sm.check(b"\n".join(lines), SIGNATURE)


@pytest.mark.parametrize("signature", ["", "00", SIGNATURE[:-1], SIGNATURE + "0"])
def test_a_wrong_signature_is_refused(signature):
    sm = Sm(SECRET)
    with pytest.raises(Unreadable):
        sm.check(sm.canonical("POST", "/api/v2022/kqxx", APPID, TIME_MS, NONCE, SEALED), signature)


def test_what_signs_does_not_encrypt():
    sm = Sm(SECRET)
    assert sm._mac[:16] != sm._cipher
    assert base64.b64encode(sm._cipher) != base64.b64encode(SECRET.encode()[:16])

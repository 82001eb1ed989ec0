"""The sender speaks the interface as its document has it, and gives up only when there is reason to."""

import asyncio
from collections import Counter

import pytest

from canglin.simulator import send
from canglin.simulator.feed import feed
from canglin.simulator.link import Link
from canglin.simulator.province import Batch, Province, encode
from canglin.simulator.records_events import FILE_FIELDS
from canglin.simulator.send import ENDPOINTS, GaveUp, Keys, Sender
from tests.simulator.conftest import NOW
from tests.simulator.fake_gateway import KEYS, FakeGateway


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(send, "FIRST_WAIT_S", 0.01)


def sent(gateway: FakeGateway, items, width=8):
    """Sends and gives the outcome."""
    async def work():
        async with gateway:
            link = Link(gateway.url, width)
            sender = Sender(link, Keys.of(KEYS))
            await sender.records(items)
            link.close()
            return sender.outcome
    return asyncio.run(work())


def notes(*names):
    return [("1212", {"khmc": name}) for name in names]


def test_the_published_cipher_vector_comes_out():
    assert send._Cipher("00112233445566778899aabbccddeeff").close(b'{"czbz":"i"}') == b"suyGf6dL6SmcTC7SfJhzJg=="


def test_every_record_arrives_whole_and_once(items):
    gateway = FakeGateway()
    some = [i for i in items if i[0] not in FILE_FIELDS][:300]
    outcome = sent(gateway, some)
    assert (outcome.taken, outcome.refused, outcome.retries) == (300, 0, 0)
    # Sorted because several are in flight; what is compared is what JSON carries.
    assert sorted(encode(r) for _, r in gateway.taken) == sorted(encode(r) for _, r in some)
    assert gateway.logins == 1
    assert len(set(gateway.request_ids)) == 300


def test_a_busy_gateway_is_asked_again_with_a_new_request_id():
    seen = Counter()

    def answer(endpoint, record):
        seen[record["khmc"]] += 1
        return {1: 409, 2: 429}.get(seen[record["khmc"]], 200)

    gateway = FakeGateway(answer)
    outcome = sent(gateway, notes("甲", "乙"))
    assert (outcome.taken, outcome.retries) == (2, 4)
    assert len(set(gateway.request_ids)) == 6


def test_a_connection_that_breaks_is_no_loss():
    seen = Counter()

    def answer(endpoint, record):
        seen[record["khmc"]] += 1
        return None if seen[record["khmc"]] == 1 else 200

    outcome = sent(FakeGateway(answer), notes("甲", "乙", "丙"))
    assert (outcome.taken, outcome.retries) == (3, 3)


def test_a_token_that_ran_out_is_renewed():
    expired = [True]

    def answer(endpoint, record):
        return 402 if expired and expired.pop() else 200

    gateway = FakeGateway(answer)
    assert sent(gateway, notes("甲")).taken == 1
    assert gateway.logins == 2


def test_a_refusal_is_counted_with_its_reason_and_not_repeated():
    gateway = FakeGateway(lambda endpoint, record: 410 if record["khmc"] == "乙" else 200)
    outcome = sent(gateway, notes("甲", "乙"))
    assert (outcome.taken, outcome.refused) == (1, 1)
    assert outcome.reasons == {"1212 410 不行": 1}
    assert len(gateway.request_ids) == 2


def test_a_gateway_that_is_not_there_ends_in_one_clear_error(monkeypatch):
    monkeypatch.setattr(send, "TRIES", 2)

    async def work():
        async with FakeGateway() as gateway:
            url = gateway.url
        await Sender(Link(url), Keys.of(KEYS)).records(notes("甲"))

    with pytest.raises(GaveUp, match=r"127\.0\.0\.1"):
        asyncio.run(work())


def test_what_is_referred_to_is_answered_before_what_refers_to_it(by_table):
    tickets = by_table["1202"][:40]
    numbers = {t["rkjsdh"] for t in tickets}
    checks = {(t["hwdm"], t["rkywdh"]) for t in tickets}
    items = [("1203", r) for r in by_table["1203"] if (r["hwdm"], r["rkywdh"]) in checks]
    items += [("1202", r) for r in tickets] + [("1204", r) for r in by_table["1204"] if r["rkjsdh"] in numbers]
    held = set()

    def answer(endpoint, record):
        if endpoint == "lsrkxx":
            assert record["rkjsdh"] in held
            held.add((record["hwdm"], record["rkywdh"]))
        elif endpoint == "rkjyxx":
            assert (record["hwdm"], record["rkywdh"]) in held
        else:
            held.add(record["rkjsdh"])
        return 200

    gateway = FakeGateway(answer)
    assert sent(gateway, items).taken == 120
    assert gateway.most_in_flight > 1


def test_a_file_goes_before_the_record_that_binds_it(by_table):
    gateway = FakeGateway()
    items = [("1307", by_table["1307"][0]), ("1308", by_table["1308"][0]), ("1109", by_table["1109"][0])]
    assert sent(gateway, items).taken == 3
    bound = {record.get("fileStorageId") or record["spwjl"] for _, record in gateway.taken}
    assert bound == set(gateway.files)
    kinds = sorted(data[:3] if data[:2] == b"\xff\xd8" else data[4:8] for data in gateway.files.values())
    assert kinds == [b"ftyp", b"\xff\xd8\xff", b"\xff\xd8\xff"]


def test_a_batch_counts_its_receipts():
    gateway = FakeGateway(lambda path, row: 410 if row["n"] == 2 else 200)

    async def work():
        async with gateway:
            sender = Sender(Link(gateway.url), Keys.of(KEYS))
            await sender.batch(Batch("1202", "", "", 3, b'{"n":1}\n{"n":2}\n{"n":3}\n'))
            return sender.outcome

    outcome = asyncio.run(work())
    assert (outcome.taken, outcome.refused) == (2, 1)
    assert outcome.reasons == {"1202 jz:net 1": 1}


def test_batches_hold_the_same_records_in_the_order_of_references(province, items):
    depot = min(province.depots, key=lambda d: len(d.lots))
    batches = list(province.batches([depot], rows=100))
    lines = sorted(line for b in batches for line in b.body.splitlines())
    assert lines == sorted(encode(r) for code, r in province.records([depot]) if code not in FILE_FIELDS)
    assert all(b.rows == len(b.body.splitlines()) <= 100 for b in batches)
    order = [b.code for b in batches if b.depot]
    assert order.index("1201") < order.index("1204") < order.index("1202") < order.index("1203")


@pytest.mark.parametrize("processes", [1, 2])
def test_a_whole_feed_sends_everything_once(processes):
    province = Province("small", 5, NOW)
    depots = sorted(province.depots, key=lambda d: len(d.lots))[:2]
    wanted = sum(1 for _ in province.records(depots)) + sum(1 for _ in province.bureau())
    told = []

    async def serve():
        async with FakeGateway() as gateway:
            keys = {firm.code: KEYS for firm in province.firms(depots)}
            outcome = await asyncio.to_thread(
                feed, gateway.url, keys, province, lambda p: told.append((p.records, p.depots)), processes,
                single_share=0.5, bureau_token="token-1", depots=depots)
            return gateway, outcome

    gateway, outcome = asyncio.run(serve())
    assert (outcome.taken, outcome.refused, len(gateway.taken)) == (wanted, 0, wanted)
    assert told[-1][1] == 2
    assert set(ENDPOINTS.values()) & {code for code, _ in gateway.taken}
    first = [code for code, _ in gateway.taken]
    assert first.index("1404") < min(first.index("1202"), first.index("lsrkxx"))


def test_plans_without_a_bureaus_token_are_refused_at_once(province):
    with pytest.raises(ValueError, match="bureau_token"):
        feed("http://127.0.0.1:9", {}, province)

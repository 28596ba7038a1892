"""A bot in Python that sends three messages and then looks for services, with NATS' own client; prints JSON.

Usage: discovery.py <NATS URL>
"""

import asyncio
import json
import sys

import nats
from nats.micro.service import NAME_REGEX, SEMVER_REGEX, ServiceInfo, ServicePing, ServiceStats

READERS = {"PING": ServicePing, "INFO": ServiceInfo, "STATS": ServiceStats}


async def answers(client, verb, target=""):
    """Every service's answer to a question, as the client's own micro module reads it, by name."""
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    await client.publish(f"$SRV.{verb}{target}", b"", reply=inbox)
    found = {}
    patience = 10.0
    while True:
        try:
            message = await subscription.next_msg(timeout=patience)
        except nats.errors.TimeoutError:
            break
        body = json.loads(message.data)
        assert body["type"] == f"io.nats.micro.v1.{verb.lower()}_response", body
        answer = READERS[verb].from_dict(body)
        assert NAME_REGEX.match(answer.name) and SEMVER_REGEX.match(answer.version), body
        assert answer.name not in found, f"two answers of {answer.name}"
        found[answer.name] = answer
        patience = 0.7
    await subscription.unsubscribe()
    return found


async def main(url):
    client = await nats.connect(url)
    replies = []
    for payload in [{"to": "447700900123", "text": "one"}, {"to": "447700900123", "text": "two"}, {"to": ""}]:
        reply = await client.request(
            "whatsapp.my_account.out.sendMessage", json.dumps(payload).encode(), timeout=10
        )
        replies.append((reply.headers or {}).get("Nats-Service-Error-Code", "sent"))

    pings = await answers(client, "PING")
    for verb in READERS:
        for name, ping in pings.items():
            by_name = await answers(client, verb, f".{name}")
            by_id = await answers(client, verb, f".{name}.{ping.id}")
            assert {one.id for one in by_name.values()} == {ping.id}
            assert {one.id for one in by_id.values()} == {ping.id}
    infos = await answers(client, "INFO")
    stats = await answers(client, "STATS")
    await client.close()
    print(
        json.dumps(
            {
                "replies": replies,
                "pings": {name: answer.to_dict() for name, answer in pings.items()},
                "infos": {name: answer.to_dict() for name, answer in infos.items()},
                "stats": {name: answer.to_dict() for name, answer in stats.items()},
            }
        )
    )


asyncio.run(main(sys.argv[1]))

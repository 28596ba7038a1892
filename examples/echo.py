"""Answers each text message with the same text. Usage: echo.py [account]

Start it as often as you like: all instances share one durable consumer, and each message goes to one of them.
"""

import asyncio
import json
import os
import signal
import sys
from urllib.parse import unquote

import nats
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

ACCOUNT = sys.argv[1] if len(sys.argv) > 1 else "demo"


async def echo(js, message):
    received = json.loads(message.data)
    text = (received.get("text") or {}).get("body")
    if text:
        # Users with a username may have no phone number.
        answer = {"to": received.get("from"), "recipient": received.get("from_user_id"), "text": text}
        # By its ID a repeat is known, and not sent twice. All accounts share the IDs: the account's name goes first.
        job_id = f"{ACCOUNT}:echo:{received['id']}"
        await js.publish(
            f"whatsapp.{ACCOUNT}.queue.sendMessage", json.dumps(answer).encode(), headers={"Nats-Msg-Id": job_id})
        print(f"{unquote((message.headers or {}).get('Wa-Contact-Name', ''))}: {text}", flush=True)
    await message.ack()  # only now: had we died before, another instance would get the message


async def main():
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    connection = await nats.connect(os.environ.get("NATS_URL", "nats://localhost:4222"), max_reconnect_attempts=-1)
    js = connection.jetstream()
    config = ConsumerConfig(deliver_policy=DeliverPolicy.NEW, ack_policy=AckPolicy.EXPLICIT)
    messages = await js.pull_subscribe(
        f"whatsapp.{ACCOUNT}.in.message.text", f"echo-{ACCOUNT}", stream="WHATSAPP_IN", config=config)
    print(f"echoing for {ACCOUNT}; Ctrl-C ends", flush=True)
    while not stop.is_set():
        try:
            for message in await messages.fetch(10, timeout=1):
                await echo(js, message)
        except (asyncio.TimeoutError, nats.errors.Error):
            continue  # nobody wrote, or NATS is away: what is not acked comes again
    await connection.close()


asyncio.run(main())

"""Submits to Celery as told on standard input, one JSON command a line; answers each with a line of times."""
import json
import random
import sys
import time

from celery_app import app, noop

with app.connection_for_write() as connection, connection.Producer() as producer:
    send = lambda number, queue, sleep: noop.apply_async(
        (number, sleep), queue=queue, producer=producer, retry=False
    )
    for line in sys.stdin:
        command = json.loads(line)
        start = time.time() * 1000
        sent = []
        for number in range(command["first"], command["first"] + command["count"]):
            sleep = random.uniform(*command["sleep"]) if command["sleep"] else 0
            sent.append(time.time() * 1000)
            send(number, command["queue"], sleep)
            if command["gapMs"]:
                time.sleep(command["gapMs"] / 1000)
        print(json.dumps({"start": start, "end": time.time() * 1000, "sent": sent if command["gapMs"] else []}), flush=True)

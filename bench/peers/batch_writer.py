"""MQTT to PostgreSQL as a careful script does it: paho, and batches of 1,000 rows or 100 ms through psycopg2's execute_values."""

import json
import os
import queue
import threading
import time
from urllib.parse import urlparse

import paho.mqtt.client as mqtt
import psycopg2
from psycopg2.extras import execute_values

BATCH_ROWS = 1000
BATCH_SECONDS = 0.1
WAITING = queue.Queue()


def heard(_client, _userdata, message):
    body = json.loads(message.payload)
    equipment = message.topic.split("/")[3]
    WAITING.put((equipment, body["boot"], body["seq"], body["observedAt"], json.dumps(body["values"])))


def write():
    database = psycopg2.connect(os.environ["DATABASE_URL"])
    while True:
        rows = [WAITING.get()]
        until = time.monotonic() + BATCH_SECONDS
        while len(rows) < BATCH_ROWS:
            try:
                rows.append(WAITING.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                break
        with database, database.cursor() as cursor:
            execute_values(cursor, "INSERT INTO reading VALUES %s ON CONFLICT DO NOTHING", rows, page_size=BATCH_ROWS)


def subscribed(*_):
    print("subscribed", flush=True)


threading.Thread(target=write, daemon=True).start()
address = urlparse(os.environ["MQTT_URL"])
options = {"client_id": "python", "clean_session": False}
if hasattr(mqtt, "CallbackAPIVersion"):
    options["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION2
client = mqtt.Client(**options)
client.on_message = heard
client.on_connect = lambda *_: client.subscribe("telemetry/#", qos=1)
client.on_subscribe = subscribed
client.connect(address.hostname, address.port)
client.loop_forever()

"""The same work for Celery: a task that does nothing and one that sleeps; each tells when it began, by UDP."""
import os
import socket
import struct
import time

from celery import Celery

app = Celery("millrace_bench", broker=os.environ["BENCH_BROKER"])
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_default_delivery_mode="persistent",
    broker_transport_options={"confirm_publish": os.environ.get("BENCH_CONFIRM", "1") == "1"},
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)

_port = int(os.environ["BENCH_PORT"])
_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


@app.task(name="bench.noop")
def noop(number, sleep_ms=0):
    _socket.sendto(struct.pack("<Qd", number, time.time() * 1000), ("127.0.0.1", _port))
    if sleep_ms:
        time.sleep(sleep_ms / 1000)

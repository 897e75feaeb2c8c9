"""Runs scripts through the original coordinator: scripts on standard input, one transcript each on standard output.

The format is described in Script.java, beside the interpreter that runs the same scripts through Convoke. Each line
of a script is a step. A step is over when nothing happens any more by itself: what is suspended then waits for a later
step.
"""

import asyncio
import json
import sys
from collections import Counter

from coordinator import AsyncEventCoordinator

STARTS, ENDS, SAW, OTHER = range(4)
WORDS = {STARTS: "starts", ENDS: "ends", SAW: "saw"}

# A listener that ends, the gather that awaits it and who awaits that take three turns of the loop, one after the other.
STILL_TURNS = 8


class Boom(Exception):
    """What a listener fails with."""


def render(value):
    return json.dumps(value, ensure_ascii=False)


def render_arguments(args, kwargs):
    return ", ".join([render(value) for value in args] + [f"{name}={render(value)}" for name, value in kwargs.items()])


def parse_arguments(words):
    args, kwargs = [], {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            kwargs[name] = json.loads(value)
        else:
            args.append(json.loads(word))
    return args, kwargs


async def told(awaited, tell):
    """Awaits, and tells how that ended before it hands it on."""
    try:
        value = await awaited
    except Boom as boom:
        tell(f"failed {boom}")
        raise
    except asyncio.CancelledError:
        tell("cancelled")
        raise
    tell(f"returned {render(value)}")
    return value


class Run:
    """One script at one coordinator of its own."""

    def __init__(self):
        self.coordinator = AsyncEventCoordinator()
        self.listeners = {}
        self.publications = {}  # id -> the task that awaits it
        self.watchers = []
        self.waiting = {}  # delivery -> the future that suspends it
        self.deliveries = Counter()
        self.step = 0
        self.happened = 0
        self.notes = []
        self.transcript = []

    async def perform_all(self, lines):
        for line in lines:
            if line == "finish":
                while self.waiting:
                    await self.perform("release 0")
            else:
                await self.perform(line)
        return self.transcript

    async def perform(self, line):
        self.step += 1
        command, *words = line.split(" ")
        getattr(self, "do_" + command)(*words)
        await self.come_to_rest()
        self.transcript.append(f"{self.step} {line}")
        self.transcript += ["  " + text for _, _, _, text in sorted(self.notes, key=lambda note: note[:3])]
        self.notes.clear()

    async def come_to_rest(self):
        still = 0
        while still < STILL_TURNS:
            before = self.happened
            await asyncio.sleep(0)
            still = still + 1 if self.happened == before else 0

    def note(self, publication, kind, text, order=""):
        """Notes are in the order of publications, as siblings and nested publications may start in either order."""
        self.happened += 1
        self.notes.append((publication, kind, order, f"{publication} {WORDS[kind]} {text}"))

    def note_other(self, text):
        self.notes.append(("", OTHER, "", text))

    # ---- steps ----

    def do_listener(self, label, *actions):
        self.listeners[label] = self.make_listener(label, actions)

    def do_subscribe(self, event, label):
        self.coordinator.subscribe_to_event(event, self.listeners[label])

    def do_refuse(self, event, what):
        refused = {"nothing": None, "blocking": lambda *args, **kwargs: None}
        try:
            self.coordinator.subscribe_to_event(event, refused[what])
        except TypeError:
            self.note_other("refused")
        self.do_table()

    def do_publish(self, publication, event, *words):
        # A publication of Convoke's is hot. The original's is a coroutine, which starts when it is awaited: as a task
        # it starts within this step, and who awaits it later sees no difference.
        args, kwargs = parse_arguments(words)
        self.publications[publication] = asyncio.ensure_future(
            self.coordinator.publish_event(event, *args, **kwargs, of=publication)
        )

    def do_await(self, publication):
        self.watchers.append(asyncio.ensure_future(self.watch(publication)))

    async def watch(self, publication):
        try:
            await self.see(publication, self.publications[publication])
        except (Boom, asyncio.CancelledError):
            pass  # it is in the transcript

    def do_release(self, number):
        if self.waiting:
            delivery = sorted(self.waiting)[int(number) % len(self.waiting)]
            self.waiting.pop(delivery).set_result(None)

    def do_cancel(self, publication):
        self.publications[publication].cancel()

    def do_table(self):
        # A name that was only published has an empty list here and no entry in Convoke: a documented difference.
        for event, listeners in sorted(self.coordinator.listeners.items()):
            if listeners:
                self.note_other(f"{event}: {len(listeners)}")

    # ---- listeners ----

    def make_listener(self, label, actions):
        async def listener(*args, **kwargs):
            publication = kwargs["of"]
            delivery = self.number(f"{publication}/{label}")
            self.note(publication, STARTS, f"{label}({render_arguments(args, kwargs)})")
            return await told(
                self.act(delivery, label, actions, args, kwargs),
                lambda how: self.note(publication, ENDS, f"{delivery} {how}", delivery),
            )

        return listener

    def number(self, delivery):
        self.deliveries[delivery] += 1
        return delivery if self.deliveries[delivery] == 1 else f"{delivery}#{self.deliveries[delivery]}"

    async def see(self, publication, awaited):
        return await told(awaited, lambda how: self.note(publication, SAW, how))

    async def act(self, delivery, label, actions, args, kwargs):
        gathered = []
        for action, *words in (text.split(":") for text in actions):
            if action == "wait":
                await self.wait(delivery)
            elif action in ("publish", "try"):
                nested = f"{delivery}>{words[0]}{len(gathered) + 1}"
                named = {**kwargs, "of": nested, "by": label}
                publication = self.coordinator.publish_event(words[0], *args, label, **named)
                try:
                    gathered.append(await self.see(nested, publication))
                except Boom:
                    if action == "publish":
                        raise
                    gathered.append("caught")
            elif action == "subscribe":
                self.do_subscribe(*words)
            elif action == "cancel":
                raise asyncio.CancelledError
            elif action in ("fail", "throw"):
                raise Boom(f"boom {delivery} in step {self.step}")
            elif action == "echo":
                return args[0] if args else None
            elif action == "return":
                return gathered or label
        raise ValueError(f"listener {label} has no end: {actions}")

    async def wait(self, delivery):
        self.waiting[delivery] = asyncio.get_running_loop().create_future()
        try:
            await self.waiting[delivery]
        finally:
            self.waiting.pop(delivery, None)


def read_scripts(lines):
    """Scripts stand between a line 'script' and a line 'end'."""
    for line in lines:
        if line == "script":
            script = []
        elif line == "end":
            yield script
        else:
            script.append(line)


async def main():
    for script in read_scripts(sys.stdin.read().splitlines()):
        print("\n".join(await Run().perform_all(script) + ["end"]))


asyncio.run(main())

"""The asyncio coordinator whose behaviour Convoke keeps. Written for comparison; nothing else uses it."""

import asyncio
from collections import defaultdict


class AsyncEventCoordinator:
    """Event name -> asynchronous listeners, in the order in which they were subscribed."""

    def __init__(self):
        self.listeners = defaultdict(list)

    def subscribe_to_event(self, event_name, listener):
        """Appends a listener, which has to be an asynchronous function."""
        if not asyncio.iscoroutinefunction(listener):
            raise TypeError(f"a listener of {event_name!r} has to be an asynchronous function: {listener!r}")
        self.listeners[event_name].append(listener)

    async def publish_event(self, event_name, *args, **kwargs):
        """Runs every listener of the event concurrently; returns their results in order or raises the first failure."""
        return await asyncio.gather(*[listener(*args, **kwargs) for listener in self.listeners[event_name]])

"""A visitor without a browser: speaks Streamlit's own protocol over a websocket, so that one machine can play a whole room.

What is timed is what the server needs: from the message that a browser sends on a click to the last message of its answer.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import DoubleArray
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

ANSWERED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Answer(NamedTuple):
    """Seconds after a click."""

    listed: float
    """Until the last list of posters had arrived; what follows it on the page are the first picks of the other models."""
    whole: float
    """Until everything had."""


class Visitor:
    """One websocket session. Reads what a page shows of posters, the model switch and errors; does what a visitor does."""

    def __init__(self, socket: ClientConnection, http: httpx.AsyncClient) -> None:
        self._socket, self._http = socket, http
        self._state = ClientState()
        self._grid = self._switch = ""
        self._loaded: set[int] = set()
        self.movies: list[int] = []
        """movie_ids of the posters on the page, in their order."""
        self.models: list[str] = []
        """Slugs on the model switch."""
        self.chosen = ""
        self._sliders: dict[str, str] = {}
        self.rated = 0
        """Movies given stars and acknowledged."""
        self.errors: list[str] = []
        """Sentences and tracebacks that the visitor saw."""

    async def run(self, *clicks: WidgetState) -> Answer:
        """Send what was clicked; returns when the server has answered in full."""
        self._state.ClearField("widget_states")
        self._state.widget_states.widgets.extend(clicks)
        began = listed = time.perf_counter()
        await self._socket.send(BackMsg(rerun_script=self._state).SerializeToString())
        while True:
            message = ForwardMsg.FromString(await self._socket.recv())
            if message.WhichOneof("type") == "script_finished" and message.script_finished in ANSWERED:
                break
            if self._read(message):
                listed = time.perf_counter()
        answer = Answer(listed - began, time.perf_counter() - began)
        await self._load_posters()
        return answer

    async def rate(self, movie_id: int, stars: float) -> Answer:
        """Click stars in the poster grid."""
        act = {"number": self.rated + 1, "kind": "rate", "movie_id": movie_id, "stars": stars}
        answer = await self.run(*trigger(self._grid, "acts", [act]))
        self.rated += 1
        return answer

    async def switch(self, slug: str) -> Answer:
        """Click a model in the switch."""
        return await self.run(*trigger(self._switch, "picked", slug))

    async def slide(self, label: str, value: float) -> Answer:
        """Let go of a slider; all others stand where they stood first."""
        return await self.run(WidgetState(id=self._sliders[label], double_array_value=DoubleArray(data=[value])))

    def _read(self, message: ForwardMsg) -> bool:
        """Take in one message. True when it carried a list of posters."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._state.page_script_hash = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self._state.query_string = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            return self._see(message.delta.new_element)
        return False

    def _see(self, element: Any) -> bool:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)
        elif kind == "slider":
            self._sliders[element.slider.label] = element.slider.id
        elif kind == "bidi_component":
            shown = json.loads(element.bidi_component.json or "{}")
            if "cards" in shown:
                self._grid = element.bidi_component.id
                self.movies = [card["movie_id"] for card in shown["cards"]]
                return True
            if "chosen" in shown:
                self._switch, self.chosen = element.bidi_component.id, shown["chosen"]
                self.models = [model["slug"] for model in shown["models"]]
        return False

    async def _load_posters(self) -> None:
        """As a browser does: each poster once."""
        for movie_id in self.movies:
            if movie_id not in self._loaded:
                (await self._http.get(f"/poster/{movie_id}.svg")).raise_for_status()
                self._loaded.add(movie_id)


def trigger(component: str, event: str, value: object) -> list[WidgetState]:
    """What the browser sends when a component says that something happened: its state, which is empty, and the event."""
    happened = json.dumps([{"event": event, "value": value}])
    return [
        WidgetState(id=component, json_value="{}"),
        WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{component}__events", json_trigger_value=happened),
    ]


@asynccontextmanager
async def visitor(url: str) -> AsyncIterator[Visitor]:
    """Somebody new: takes the cookie with the page, opens the socket, and has seen the first page when this returns."""
    # A browser sends a request again that met a connection just being closed; we let go of idle ones before uvicorn does.
    limits = httpx.Limits(keepalive_expiry=1)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as http:
        page = await http.get("/", headers={"Accept": "text/html"})
        cookies = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(address, additional_headers={"Cookie": cookies}, max_size=None) as socket:
            somebody = Visitor(socket, http)
            await somebody.run()
            yield somebody

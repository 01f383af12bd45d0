"""What the browser must know before Streamlit's own script runs: dark unless this visitor chose otherwise, our fonts, and our stylesheets.

Streamlit follows the system's preference until somebody chooses, and remembers the choice for one address only. This
middleware puts a few lines into the head of its page: one choice for the whole house, dark until there is one, and the
ground's colour at once, so that a dark hall is not lit by a white page while the script loads. The stylesheets stand at
the end of its body: there before anything is drawn, and after Streamlit's own rules, which they overrule.
"""

from __future__ import annotations

import json
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.theme import DARK, LIGHT

HEAD = b"<head>"
FIRST = f"""<head>
<link rel="preload" href="/fonts/inter.woff2" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="/fonts/limelight.woff2" as="font" type="font/woff2" crossorigin>
<script>
(() => {{
  const here = `stActiveTheme-${{location.pathname}}-v2`, house = "marquee-theme";
  const paint = (light) => {{ document.documentElement.style.background = light ? {json.dumps(LIGHT.ground)} : {json.dumps(DARK.ground)}; }};
  paint(false);
  try {{
    let chosen = localStorage.getItem(house) ?? '"Dark"';
    localStorage.setItem(here, chosen);
    paint(chosen === '"Light"' || (chosen === '"System"' && matchMedia("(prefers-color-scheme: light)").matches));
    const keep = () => {{
      const now = localStorage.getItem(here);
      if (now && now !== chosen) localStorage.setItem(house, (chosen = now));
    }};
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", keep);
  }} catch {{ /* storage is shut: dark it is */ }}
}})();
</script>""".encode()
TAIL = b"</body>"
STYLES = sorted((Path(__file__).parents[1] / "assets" / "styles").glob("*.css"))
LAST = b"<style>\n" + b"\n".join(style.read_bytes() for style in STYLES) + b"</style>\n</body>"


class FirstPaint:
    """ASGI middleware: adds FIRST to the head and LAST to the end of the page that Streamlit serves."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        # Streamlit would compress the page, and a compressed page cannot be added to; twenty kilobytes travel well as they are.
        scope = {**scope, "headers": [pair for pair in scope["headers"] if not _asks_for_compressed(pair, scope)]}
        start: Message | None = None
        body = b""

        async def sending(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and is_page(message):
                start = message
            elif message["type"] == "http.response.body" and start is not None:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    whole = body.replace(HEAD, FIRST, 1).replace(TAIL, LAST, 1)
                    headers = [pair for pair in start["headers"] if pair[0].lower() not in (b"content-length", b"etag")]
                    await send({**start, "headers": [*headers, (b"content-length", str(len(whole)).encode())]})
                    await send({"type": "http.response.body", "body": whole})
            else:
                await send(message)

        await self.app(scope, receive, sending)


def _asks_for_compressed(header: tuple[bytes, bytes], scope: Scope) -> bool:
    asks_for_page = any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    return asks_for_page and header[0] == b"accept-encoding"


def is_page(start: Message) -> bool:
    """Whether a response begins that is HTML, there, and not compressed."""
    headers = {name.lower(): value for name, value in start["headers"]}
    html = headers.get(b"content-type", b"").startswith(b"text/html")
    return start["status"] == 200 and html and b"content-encoding" not in headers

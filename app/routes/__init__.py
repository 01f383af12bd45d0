"""Plain routes beside the Streamlit app: posters, fonts, health, figures for a monitor, links between devices, the map, the front page's name."""

from app.routes.fonts import routes as font_routes
from app.routes.front import routes as front_routes
from app.routes.health import lifespan
from app.routes.health import routes as health_routes
from app.routes.link import routes as link_routes
from app.routes.maps import routes as map_routes
from app.routes.posters import routes as poster_routes

routes = [*poster_routes, *font_routes, *health_routes, *link_routes, *map_routes, *front_routes]

__all__ = ["lifespan", "routes"]

"""How cost goes as work grows: one module a dimension, each of which measures and returns a chart."""

from . import accounts, bodies, depth, processes

DIMENSIONS = {"accounts": accounts.measure, "processes": processes.measure, "bodies": bodies.measure,
              "depth": depth.measure}

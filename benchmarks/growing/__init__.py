"""How cost goes as work grows: one module a dimension, each of which measures and returns a chart."""

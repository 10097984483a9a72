"""Media of tables, and the files behind them."""

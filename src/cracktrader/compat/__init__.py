"""Compatibility with other libraries, each behind an extra; nothing else in the package imports them.

`cerebro`, `engine_broker`, `bt_orders` and `candle_data` need `pip install cracktrader-engine[backtrader]`, and
`ccxt_candles` needs `[ccxt]`.
"""

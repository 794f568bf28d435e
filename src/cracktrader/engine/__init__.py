"""The engine: events and intents in, deterministic results out. docs/engine.md is its contract.

The core itself is `core`, what it is called by is `backends`, and `rust_bridge` picks the language. This
package imports no third-party module, and importing it imports no core.
"""

"""The store on disk, format 1: see ``docs/store-format.md``. Nothing outside this package makes a path in a store."""

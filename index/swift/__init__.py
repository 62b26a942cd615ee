"""The index kept by tantivy, for archives past what the default engine serves."""

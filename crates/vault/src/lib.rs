//! Vault: keys, sealing, and the store of sealed papers.

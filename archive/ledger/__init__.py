"""The ledger: every event as a leaf of one Merkle tree, and proof that does not ask for trust.

What meets each attack, and what does not:

    attack                                    seen by                          not seen by
    an event edited, deleted, inserted, moved its hash, the tree, a checkpoint -
    the catalogue rewritten or rolled back    a checkpoint kept elsewhere      the catalogue itself
    a checkpoint forged                       its signature                    who never saw the key
    the key stolen, history signed again      a checkpoint kept elsewhere,     the signature: it is true
                                              a witness, a time stamp
    two histories for two readers             both checkpoints side by side,   either history alone
                                              a witness
    an event dated back as it is written      its place, an earlier time stamp the leaf: its own word
    an object swapped                         its digest in a leaf             -

So a checkpoint kept where the archive's administrator cannot write is worth more than all the rest. A name
that has to go is erased with its salt; the commitment in its leaf stays, and every proof holds.
"""
